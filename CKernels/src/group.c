/// Enumeration of a permutation group by breadth-first multiplication with its generators, orbits
/// of states by union over the generators, and canonical pairs through one transporter per state
/// and the stabilizers of the orbit representatives. Cost |G| D time and memory (32-bit entries).
#include "ness_group.h"

#include <string.h>

#include "group_private.h"
#include "ness_internal.h"

struct ness_group {
  int64_t order;
  int64_t size;
  int64_t orbit_count;
  int32_t *elements;          // size x order: image of state a under element g at g*order + a
  int32_t *representatives;   // order: smallest member of the orbit
  int32_t *transporters;      // order: an element that takes the state to its representative
  int64_t *stabilizer_starts; // order + 1: elements fixing a representative (empty elsewhere)
  int32_t *stabilizers;
};

static uint64_t hash_element(const int32_t *element, int64_t order) {
  uint64_t hash = 1469598103934665603ULL;
  for (int64_t a = 0; a < order; ++a) {
    hash = (hash ^ (uint64_t)(uint32_t)element[a]) * 1099511628211ULL;
    hash ^= hash >> 29;
  }
  return hash;
}

static bool is_permutation(const int64_t *images, int64_t order, uint8_t *seen) {
  memset(seen, 0, (size_t)order);
  for (int64_t a = 0; a < order; ++a) {
    if (images[a] < 0 || images[a] >= order || seen[images[a]]) {
      return false;
    }
    seen[images[a]] = 1;
  }
  return true;
}

// The elements found so far, with a hash table of capacity `slots` (a power of two) for membership.
typedef struct element_list {
  int64_t order, count, capacity, slots;
  int32_t *elements;
  int64_t *table; // element number + 1, 0 for a free slot
} element_list;

static ness_status grow(element_list *list) {
  const int64_t capacity = list->capacity * 2;
  int32_t *const elements = ness_alloc(capacity, sizeof(int32_t) * (size_t)list->order);
  int64_t *const table = ness_calloc(capacity * 4, sizeof(int64_t));
  if (!elements || !table) {
    ness_free(elements);
    ness_free(table);
    return NESS_ERR_MEMORY;
  }
  memcpy(elements, list->elements, sizeof(int32_t) * (size_t)(list->count * list->order));
  for (int64_t g = 0; g < list->count; ++g) {
    uint64_t slot =
        hash_element(elements + g * list->order, list->order) & (uint64_t)(capacity * 4 - 1);
    while (table[slot]) {
      slot = (slot + 1) & (uint64_t)(capacity * 4 - 1);
    }
    table[slot] = g + 1;
  }
  ness_free(list->elements);
  ness_free(list->table);
  list->elements = elements;
  list->table = table;
  list->capacity = capacity;
  list->slots = capacity * 4;
  return NESS_OK;
}

// Appends the element stored at position `count` unless it is known. The list always has room for
// one candidate.
static ness_status adopt_candidate(element_list *list, int64_t limit) {
  const int32_t *const candidate = list->elements + list->count * list->order;
  const size_t bytes = sizeof(int32_t) * (size_t)list->order;
  uint64_t slot = hash_element(candidate, list->order) & (uint64_t)(list->slots - 1);
  while (list->table[slot]) {
    if (memcmp(list->elements + (list->table[slot] - 1) * list->order, candidate, bytes) == 0) {
      return NESS_OK;
    }
    slot = (slot + 1) & (uint64_t)(list->slots - 1);
  }
  if (list->count >= limit) {
    return NESS_ERR_LIMIT;
  }
  list->table[slot] = ++list->count;
  return list->count == list->capacity ? grow(list) : NESS_OK;
}

static ness_status enumerate(element_list *list, int64_t generator_count, const int64_t *generators,
                             int64_t limit) {
  const int64_t order = list->order;
  for (int64_t a = 0; a < order; ++a) {
    list->elements[a] = (int32_t)a;
  }
  ness_status status = adopt_candidate(list, limit);
  for (int64_t g = 0; g < list->count && status == NESS_OK; ++g) {
    for (int64_t s = 0; s < generator_count && status == NESS_OK; ++s) {
      int32_t *const product = list->elements + list->count * order;
      const int32_t *const element = list->elements + g * order;
      for (int64_t a = 0; a < order; ++a) {
        product[a] = (int32_t)generators[s * order + element[a]];
      }
      status = adopt_candidate(list, limit);
    }
  }
  return status;
}

static ness_status find_orbits(ness_group *group) {
  const int64_t order = group->order;
  for (int64_t a = 0; a < order; ++a) {
    group->representatives[a] = -1;
  }
  int64_t stabilizer_count = 0;
  for (int64_t a = 0; a < order; ++a) {
    group->stabilizer_starts[a] = stabilizer_count;
    if (group->representatives[a] >= 0) {
      continue;
    }
    ++group->orbit_count;
    // States ascend, so a state not met before is the smallest of its orbit.
    for (int64_t g = 0; g < group->size; ++g) {
      const int32_t image = group->elements[g * order + a];
      group->representatives[image] = (int32_t)a;
      stabilizer_count += image == a;
    }
  }
  group->stabilizer_starts[order] = stabilizer_count;
  group->stabilizers = ness_alloc(stabilizer_count, sizeof(int32_t));
  if (!group->stabilizers) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t a = 0; a < order; ++a) {
    group->transporters[a] = -1;
  }
  for (int64_t g = 0; g < group->size; ++g) {
    const int32_t *const element = group->elements + g * order;
    for (int64_t a = 0; a < order; ++a) {
      if (group->transporters[a] < 0 && element[a] == group->representatives[a]) {
        group->transporters[a] = (int32_t)g;
      }
    }
  }
  for (int64_t a = 0; a < order; ++a) {
    int64_t next = group->stabilizer_starts[a];
    for (int64_t g = 0; g < group->size && next < group->stabilizer_starts[a + 1]; ++g) {
      if (group->elements[g * order + a] == a) {
        group->stabilizers[next++] = (int32_t)g;
      }
    }
  }
  return NESS_OK;
}

ness_status ness_group_create(int64_t order, int64_t generator_count, const int64_t *generators,
                              int64_t limit, ness_group **out) {
  *out = NULL;
  if (order < 1 || generator_count < 0 || limit < 1 || (generator_count > 0 && !generators)) {
    return NESS_ERR_ARGUMENT;
  }
  if (order > INT32_MAX || limit > INT32_MAX) {
    return NESS_ERR_OVERFLOW;
  }
  ness_status status = NESS_ERR_MEMORY;
  element_list list = {.order = order, .capacity = 4, .slots = 16};
  ness_group *const group = ness_calloc(1, sizeof(ness_group));
  uint8_t *const seen = ness_alloc(order, 1);
  list.elements = ness_alloc(list.capacity, sizeof(int32_t) * (size_t)order);
  list.table = ness_calloc(list.slots, sizeof(int64_t));
  if (!group || !seen || !list.elements || !list.table) {
    goto release;
  }
  for (int64_t s = 0; s < generator_count; ++s) {
    if (!is_permutation(generators + s * order, order, seen)) {
      status = NESS_ERR_NOT_PERMUTATION;
      goto release;
    }
  }
  status = enumerate(&list, generator_count, generators, limit);
  if (status != NESS_OK) {
    goto release;
  }
  group->order = order;
  group->size = list.count;
  group->elements = list.elements;
  list.elements = NULL;
  group->representatives = ness_alloc(order, sizeof(int32_t));
  group->transporters = ness_alloc(order, sizeof(int32_t));
  group->stabilizer_starts = ness_alloc(order + 1, sizeof(int64_t));
  status = group->representatives && group->transporters && group->stabilizer_starts
               ? find_orbits(group)
               : NESS_ERR_MEMORY;

release:
  ness_free(seen);
  ness_free(list.elements);
  ness_free(list.table);
  if (status == NESS_OK) {
    *out = group;
  } else {
    ness_group_destroy(group);
  }
  return status;
}

static void *duplicate(const void *source, int64_t count, size_t size) {
  void *const copy = ness_alloc(count, size);
  if (copy) {
    memcpy(copy, source, (size_t)count * size);
  }
  return copy;
}

ness_status ness_group_copy(const ness_group *group, ness_group **out) {
  *out = NULL;
  ness_group *const copy = duplicate(group, 1, sizeof(ness_group));
  if (!copy) {
    return NESS_ERR_MEMORY;
  }
  const int64_t order = group->order;
  copy->elements = duplicate(group->elements, group->size * order, sizeof(int32_t));
  copy->representatives = duplicate(group->representatives, order, sizeof(int32_t));
  copy->transporters = duplicate(group->transporters, order, sizeof(int32_t));
  copy->stabilizer_starts = duplicate(group->stabilizer_starts, order + 1, sizeof(int64_t));
  copy->stabilizers =
      duplicate(group->stabilizers, group->stabilizer_starts[order], sizeof(int32_t));
  if (!copy->elements || !copy->representatives || !copy->transporters ||
      !copy->stabilizer_starts || !copy->stabilizers) {
    ness_group_destroy(copy);
    return NESS_ERR_MEMORY;
  }
  *out = copy;
  return NESS_OK;
}

size_t ness_group_bytes(const ness_group *group) {
  const size_t order = (size_t)group->order;
  const size_t stabilizers = (size_t)group->stabilizer_starts[group->order];
  return ((size_t)group->size * order + 2 * order + stabilizers) * sizeof(int32_t) +
         (order + 1) * sizeof(int64_t);
}

void ness_group_destroy(ness_group *group) {
  if (group) {
    ness_free(group->elements);
    ness_free(group->representatives);
    ness_free(group->transporters);
    ness_free(group->stabilizer_starts);
    ness_free(group->stabilizers);
    ness_free(group);
  }
}

int64_t ness_group_size(const ness_group *group) {
  return group->size;
}

int64_t ness_group_orbit_count(const ness_group *group) {
  return group->orbit_count;
}

int64_t ness_group_order(const ness_group *group) {
  return group->order;
}

const int32_t *ness_group_elements(const ness_group *group) {
  return group->elements;
}

ness_status ness_group_representatives(const ness_group *group, int64_t *representatives) {
  for (int64_t a = 0; a < group->order; ++a) {
    representatives[a] = group->representatives[a];
  }
  return NESS_OK;
}

void ness_group_canonical_pair(const ness_group *group, int64_t *ket, int64_t *bra) {
  const int64_t order = group->order;
  const int64_t representative = group->representatives[*ket];
  const int64_t image = group->elements[group->transporters[*ket] * order + *bra];
  const int64_t first = group->stabilizer_starts[representative];
  const int64_t last = group->stabilizer_starts[representative + 1];
  int64_t smallest = image;
  for (int64_t s = first; s < last; ++s) {
    const int64_t candidate = group->elements[group->stabilizers[s] * order + image];
    smallest = candidate < smallest ? candidate : smallest;
  }
  *ket = representative;
  *bra = smallest;
}

int64_t ness_group_pair_weight(const ness_group *group, int64_t ket, int64_t bra) {
  int64_t fixing = 0;
  const int64_t representative = group->representatives[ket];
  const int64_t image = group->elements[group->transporters[ket] * group->order + bra];
  for (int64_t s = group->stabilizer_starts[representative];
       s < group->stabilizer_starts[representative + 1]; ++s) {
    fixing += group->elements[group->stabilizers[s] * group->order + image] == image;
  }
  return group->size / fixing; // orbit-stabilizer theorem; the identity makes fixing >= 1
}

ness_status ness_group_canonicalize(const ness_group *group, int64_t count, int64_t *kets,
                                    int64_t *bras, int64_t *weights) {
  for (int64_t i = 0; i < count; ++i) {
    if (kets[i] < 0 || kets[i] >= group->order || bras[i] < 0 || bras[i] >= group->order) {
      return NESS_ERR_ARGUMENT;
    }
  }
  for (int64_t i = 0; i < count; ++i) {
    ness_group_canonical_pair(group, &kets[i], &bras[i]);
    if (weights) {
      weights[i] = ness_group_pair_weight(group, kets[i], bras[i]);
    }
  }
  return NESS_OK;
}
