/// Multiplication table of an enumerated permutation group.
///
/// A base, a few states that only the identity fixes one by one (Sims 1970), tells elements apart
/// by the images of its states; a product is looked up by them, without forming it.
#include <stdlib.h>

#include "group_private.h"
#include "ness_internal.h"

typedef struct keyed {
  uint64_t key;
  int32_t element;
} keyed;

static int by_key(const void *a, const void *b) {
  const uint64_t x = ((const keyed *)a)->key, y = ((const keyed *)b)->key;
  return (x > y) - (x < y);
}

static uint64_t mixed(uint64_t key, int32_t image) {
  key = (key ^ (uint64_t)(uint32_t)image) * 0x9E3779B97F4A7C15ULL;
  return key ^ (key >> 29);
}

// Extends the base by states that split elements with equal keys, until all keys differ.
static int64_t find_base(const int32_t *elements, int64_t order, int64_t size, keyed *keys,
                         int32_t *base) {
  int64_t length = 0;
  for (int64_t g = 0; g < size; ++g) {
    keys[g] = (keyed){0, (int32_t)g};
  }
  for (int64_t a = 0; a < order && length < size; ++a) {
    int64_t equal = 0;
    bool splits = false;
    for (int64_t i = 1; i < size; ++i) {
      if (keys[i].key == keys[i - 1].key) {
        ++equal;
        splits |=
            elements[keys[i].element * order + a] != elements[keys[i - 1].element * order + a];
      }
    }
    if (equal == 0) {
      break;
    }
    if (splits) {
      base[length++] = (int32_t)a;
      for (int64_t i = 0; i < size; ++i) {
        keys[i].key = mixed(keys[i].key, elements[keys[i].element * order + a]);
      }
      qsort(keys, (size_t)size, sizeof(keyed), by_key);
    }
  }
  return length;
}

ness_status ness_group_multiply(const ness_group *group, int32_t *products) {
  const int64_t order = ness_group_order(group), size = ness_group_size(group);
  const int32_t *const elements = ness_group_elements(group);
  ness_status status = NESS_ERR_MEMORY;
  keyed *const keys = ness_alloc(size, sizeof(keyed));
  // Every state of a base splits a class, so there are fewer than elements.
  int32_t *const base = ness_alloc(size, sizeof(int32_t));
  if (!keys || !base) {
    goto release;
  }
  const int64_t length = find_base(elements, order, size, keys, base);
  status = NESS_OK;
  for (int64_t g = 0; g < size && status == NESS_OK; ++g) {
    for (int64_t h = 0; h < size; ++h) {
      keyed wanted = {0, 0};
      for (int64_t i = 0; i < length; ++i) {
        wanted.key = mixed(wanted.key, elements[g * order + elements[h * order + base[i]]]);
      }
      const keyed *const found = bsearch(&wanted, keys, (size_t)size, sizeof(keyed), by_key);
      if (!found) {
        status = NESS_ERR_LIBRARY; // not closed: cannot be after enumeration
        break;
      }
      products[g * size + h] = found->element;
    }
  }

release:
  ness_free(keys);
  ness_free(base);
  return status;
}
