// Enumeration of a group of monomial matrices by breadth-first multiplication with its generators,
// and its multiplication table from the Cayley graph: g = s p gives g h = s (p h), so that no pair
// of elements is composed state by state.
#include <math.h>
#include <string.h>

#include "blocks_private.h"
#include "ness_internal.h"

// Phases that differ by less are equal: products of a few dozen factors are off by 1e-14, while
// different roots of unity of the orders that fit a limit on the group size differ by far more.
#define PHASE_TOLERANCE 1e-8

ness_complex ness_root_of_unity(int64_t k, int64_t n) {
  k %= n;
  if ((4 * k) % n == 0) {
    static const ness_complex quarters[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    return quarters[4 * k / n];
  }
  const double angle = 6.283185307179586476925 * (double)k / (double)n;
  return (ness_complex){cos(angle), sin(angle)};
}

static int64_t greatest_divisor(int64_t a, int64_t b) {
  return b ? greatest_divisor(b, a % b) : a;
}

// Checks one generator and copies it to position g; `seen` has D entries.
static ness_status adopt_generator(ness_monomials *group, int64_t g, const int64_t *images,
                                   const ness_complex *phases, uint8_t *seen) {
  const int64_t order = group->order;
  memset(seen, 0, (size_t)order);
  for (int64_t a = 0; a < order; ++a) {
    if (images[a] < 0 || images[a] >= order || seen[images[a]]) {
      return NESS_ERR_NOT_PERMUTATION;
    }
    seen[images[a]] = 1;
    group->images[g * order + a] = (int32_t)images[a];
    if (group->phases) {
      const ness_complex phase = phases ? phases[a] : (ness_complex){1, 0};
      const double modulus = hypot(phase.re, phase.im);
      if (!(fabs(modulus - 1) < PHASE_TOLERANCE)) {
        return NESS_ERR_ARGUMENT;
      }
      group->phases[g * order + a] = (ness_complex){phase.re / modulus, phase.im / modulus};
    }
  }
  return NESS_OK;
}

// A global phase of a generator has no meaning, but may make the group infinite. P is divided by
// the phase that makes its action on the cycle of state 0 have period l, the length of the cycle.
// If some power of P is a multiple of the identity, that multiple is one now.
static void remove_global_phase(ness_monomials *group, int64_t g) {
  const int64_t order = group->order;
  const int32_t *const images = group->images + g * order;
  ness_complex *const phases = group->phases + g * order;
  double angle = 0;
  int64_t length = 0, state = 0;
  do {
    angle += atan2(phases[state].im, phases[state].re);
    ++length;
    state = images[state];
  } while (state != 0);
  const double shift = remainder(angle, 6.283185307179586476925) / (double)length;
  const ness_complex factor = {cos(shift), -sin(shift)};
  for (int64_t a = 0; a < order; ++a) {
    phases[a] = ness_times(phases[a], factor);
  }
}

static uint64_t hash_images(const int32_t *images, int64_t order) {
  uint64_t hash = 1469598103934665603ULL;
  for (int64_t a = 0; a < order; ++a) {
    hash = (hash ^ (uint64_t)(uint32_t)images[a]) * 1099511628211ULL;
  }
  return hash;
}

static bool same_element(const ness_monomials *group, int64_t g, int64_t h) {
  const int64_t order = group->order;
  if (memcmp(group->images + g * order, group->images + h * order,
             sizeof(int32_t) * (size_t)order) != 0) {
    return false;
  }
  for (int64_t a = 0; group->phases && a < order; ++a) {
    const ness_complex x = group->phases[g * order + a], y = group->phases[h * order + a];
    if (fabs(x.re - y.re) + fabs(x.im - y.im) > PHASE_TOLERANCE) {
      return false;
    }
  }
  return true;
}

static ness_status grow(ness_monomials *group, uint64_t **hashes, int64_t *capacity) {
  const int64_t larger = *capacity * 2;
  int64_t count;
  if (!ness_product(larger, group->order, &count)) {
    return NESS_ERR_OVERFLOW;
  }
  void *block = ness_realloc(group->images, count, sizeof(int32_t));
  if (!block) {
    return NESS_ERR_MEMORY;
  }
  group->images = block;
  if (group->phases) {
    block = ness_realloc(group->phases, count, sizeof(ness_complex));
    if (!block) {
      return NESS_ERR_MEMORY;
    }
    group->phases = block;
  }
  block = ness_realloc(*hashes, larger, sizeof(uint64_t));
  if (!block) {
    return NESS_ERR_MEMORY;
  }
  *hashes = block;
  *capacity = larger;
  return NESS_OK;
}

// Element equal to the candidate at position `size`, or -1. Groups are small enough for a scan.
static int64_t find(const ness_monomials *group, const uint64_t *hashes) {
  for (int64_t g = 0; g < group->size; ++g) {
    if (hashes[g] == hashes[group->size] && same_element(group, g, group->size)) {
      return g;
    }
  }
  return -1;
}

// Enumerates; on entry the generators lie at positions 0 ..< generator_count of `pool`.
// `left` receives the Cayley graph: generator s times element g at g * generator_count + s.
static ness_status enumerate(ness_monomials *group, const ness_monomials *pool, int64_t limit,
                             int64_t *capacity, uint64_t **hashes, int32_t *left) {
  const int64_t order = group->order, generators = group->generator_count;
  for (int64_t a = 0; a < order; ++a) {
    group->images[a] = (int32_t)a;
    if (group->phases) {
      group->phases[a] = (ness_complex){1, 0};
    }
  }
  (*hashes)[0] = hash_images(group->images, order);
  group->size = 1;
  for (int64_t g = 0; g < group->size; ++g) {
    for (int64_t s = 0; s < generators; ++s) {
      int32_t *const images = group->images + group->size * order;
      for (int64_t a = 0; a < order; ++a) {
        images[a] = ness_image(pool, s, ness_image(group, g, a));
      }
      for (int64_t a = 0; group->phases && a < order; ++a) {
        group->phases[group->size * order + a] =
            ness_times(ness_phase(group, g, a), ness_phase(pool, s, ness_image(group, g, a)));
      }
      (*hashes)[group->size] = hash_images(images, order);
      int64_t product = find(group, *hashes);
      if (product < 0) {
        if (group->size >= limit) {
          return NESS_ERR_LIMIT;
        }
        product = group->size++;
        group->parents[product] = (int32_t)g;
        group->first[product] = (int32_t)s;
        // Always room for one candidate.
        if (group->size == *capacity) {
          const ness_status status = grow(group, hashes, capacity);
          if (status != NESS_OK) {
            return status;
          }
        }
      }
      left[g * generators + s] = (int32_t)product;
    }
  }
  return NESS_OK;
}

static ness_status tabulate(ness_monomials *group, const int32_t *left) {
  const int64_t size = group->size;
  group->products = ness_alloc(size * size, sizeof(int32_t));
  group->inverses = ness_alloc(size, sizeof(int32_t));
  group->periods = ness_alloc(size, sizeof(int32_t));
  if (!group->products || !group->inverses || !group->periods) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t h = 0; h < size; ++h) {
    group->products[h] = (int32_t)h;
  }
  for (int64_t g = 1; g < size; ++g) {
    for (int64_t h = 0; h < size; ++h) {
      const int64_t inner = group->products[group->parents[g] * size + h];
      group->products[g * size + h] = left[inner * group->generator_count + group->first[g]];
    }
  }
  group->exponent = 1;
  for (int64_t g = 0; g < size; ++g) {
    int32_t period = 1;
    int64_t power = g, previous = 0;
    for (; power != 0; ++period) {
      previous = power;
      power = group->products[g * size + power];
    }
    group->inverses[g] = (int32_t)previous;
    group->periods[g] = period;
    group->exponent = group->exponent / greatest_divisor(group->exponent, period) * period;
  }
  for (int64_t s = 0; s < group->generator_count; ++s) {
    group->generators[s] = left[s];
  }
  return NESS_OK;
}

ness_status ness_monomials_create(int64_t order, int64_t generator_count, const int64_t *images,
                                  const ness_complex *phases, int64_t limit, ness_monomials *out) {
  int64_t capacity = 4;
  ness_monomials group = {.order = order, .generator_count = generator_count};
  ness_monomials pool = group;
  int64_t pool_size, first_size, graph_size;
  if (!ness_product(generator_count + 1, order, &pool_size) ||
      !ness_product(capacity, order, &first_size) ||
      !ness_product(limit, generator_count + 1, &graph_size)) {
    return NESS_ERR_OVERFLOW;
  }
  group.images = ness_alloc(first_size, sizeof(int32_t));
  group.generators = ness_alloc(generator_count, sizeof(int32_t));
  group.parents = ness_calloc(limit, sizeof(int32_t));
  group.first = ness_calloc(limit, sizeof(int32_t));
  pool.images = ness_alloc(pool_size, sizeof(int32_t));
  uint64_t *hashes = ness_alloc(capacity, sizeof(uint64_t));
  int32_t *const left = ness_alloc(graph_size, sizeof(int32_t));
  uint8_t *const seen = ness_alloc(order, 1);
  ness_status status = NESS_OK;
  if (phases) {
    group.phases = ness_alloc(first_size, sizeof(ness_complex));
    pool.phases = ness_alloc(pool_size, sizeof(ness_complex));
  }
  if (!group.images || !group.generators || !group.parents || !group.first || !pool.images ||
      !hashes || !left || !seen || (phases && (!group.phases || !pool.phases))) {
    status = NESS_ERR_MEMORY;
  }
  for (int64_t s = 0; s < generator_count && status == NESS_OK; ++s) {
    status =
        adopt_generator(&pool, s, images + s * order, phases ? phases + s * order : NULL, seen);
    if (status == NESS_OK && phases) {
      remove_global_phase(&pool, s);
    }
  }
  if (status == NESS_OK) {
    status = enumerate(&group, &pool, limit, &capacity, &hashes, left);
  }
  if (status == NESS_OK) {
    status = tabulate(&group, left);
  }
  ness_free(pool.images);
  ness_free(pool.phases);
  ness_free(hashes);
  ness_free(left);
  ness_free(seen);
  if (status != NESS_OK) {
    ness_monomials_destroy(&group);
    return status;
  }
  *out = group;
  return NESS_OK;
}

void ness_monomials_destroy(ness_monomials *group) {
  ness_free(group->images);
  ness_free(group->phases);
  ness_free(group->products);
  ness_free(group->inverses);
  ness_free(group->periods);
  ness_free(group->generators);
  ness_free(group->parents);
  ness_free(group->first);
  *group = (ness_monomials){0};
}
