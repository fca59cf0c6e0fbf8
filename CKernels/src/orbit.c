/// Tables of a generator on ket orbits: which orbit a state belongs to and which element takes the
/// representative there; rows of K and W at the representatives in these terms.
#include <string.h>

#include "group_private.h"
#include "ness_internal.h"
#include "orbit_private.h"

static void release_hops(ness_orbit_hops *hops) {
  ness_free(hops->starts);
  ness_free(hops->columns);
  ness_free(hops->moves);
  ness_free(hops->values);
}

void ness_orbit_destroy(ness_orbit *plan) {
  if (plan) {
    ness_free(plan->representatives);
    ness_free(plan->sizes);
    ness_free(plan->orbit_of);
    ness_free(plan->element_of);
    ness_free(plan->inverse);
    ness_free(plan->left);
    ness_free(plan->fixing_starts);
    ness_free(plan->fixing);
    ness_free(plan->decay);
    ness_free(plan->energy);
    release_hops(&plan->real);
    release_hops(&plan->imaginary);
    ness_free(plan->rate_starts);
    ness_free(plan->rate_columns);
    ness_free(plan->rate_values);
    ness_free(plan->pattern_d);
    ness_free(plan->pattern_s);
    ness_free(plan);
  }
}

static ness_status make_orbits(ness_orbit *plan, const ness_group *group) {
  const int64_t order = plan->order, n = plan->orbits, size = plan->elements;
  const int32_t *const elements = ness_group_elements(group);
  plan->representatives = ness_alloc(n, sizeof(int32_t));
  plan->sizes = ness_calloc(n, sizeof(int32_t));
  plan->orbit_of = ness_alloc(order, sizeof(int32_t));
  plan->element_of = ness_alloc(order, sizeof(int32_t));
  plan->fixing_starts = ness_alloc(n + 1, sizeof(int64_t));
  if (!plan->representatives || !plan->sizes || !plan->orbit_of || !plan->element_of ||
      !plan->fixing_starts) {
    return NESS_ERR_MEMORY;
  }
  memset(plan->orbit_of, -1, (size_t)order * sizeof(int32_t));
  int64_t found = 0, fixing = 0;
  for (int64_t a = 0; a < order; ++a) {
    if (plan->orbit_of[a] >= 0) {
      continue;
    }
    // States ascend, so a state not met before is the smallest of its orbit.
    plan->representatives[found] = (int32_t)a;
    plan->fixing_starts[found] = fixing;
    for (int64_t g = 0; g < size; ++g) {
      const int32_t image = elements[g * order + a];
      fixing += image == a;
      if (plan->orbit_of[image] < 0) {
        plan->orbit_of[image] = (int32_t)found;
        plan->element_of[image] = (int32_t)g;
        ++plan->sizes[found];
      }
    }
    ++found;
  }
  plan->fixing_starts[n] = fixing;
  plan->fixing = ness_alloc(fixing, sizeof(int32_t));
  if (!plan->fixing) {
    return NESS_ERR_MEMORY;
  }
  fixing = 0;
  for (int64_t r = 0; r < n; ++r) {
    const int64_t a = plan->representatives[r];
    for (int64_t g = 0; g < size; ++g) {
      if (elements[g * order + a] == a) {
        plan->fixing[fixing++] = (int32_t)g;
      }
    }
  }
  return NESS_OK;
}

static ness_status make_elements(ness_orbit *plan, const ness_group *group) {
  const int64_t size = plan->elements;
  int64_t cells;
  if (!ness_product(size, size, &cells)) {
    return NESS_ERR_OVERFLOW;
  }
  plan->inverse = ness_alloc(size, sizeof(int32_t));
  plan->left = ness_alloc(cells, sizeof(int32_t));
  int32_t *const products = ness_alloc(cells, sizeof(int32_t));
  ness_status status = NESS_ERR_MEMORY;
  if (plan->inverse && plan->left && products) {
    status = ness_group_multiply(group, products);
  }
  if (status == NESS_OK) {
    // The identity is element 0.
    for (int64_t g = 0; g < size; ++g) {
      for (int64_t h = 0; h < size; ++h) {
        if (products[g * size + h] == 0) {
          plan->inverse[g] = (int32_t)h;
        }
      }
    }
    for (int64_t k = 0; k < size; ++k) {
      memcpy(plan->left + k * size, products + plan->inverse[k] * size,
             (size_t)size * sizeof(int32_t));
    }
  }
  ness_free(products);
  return status;
}

// Orbit of a representative, -1 for other states.
static int64_t row_of(const ness_orbit *plan, int64_t state) {
  const int64_t orbit = plan->orbit_of[state];
  return plan->representatives[orbit] == state ? orbit : -1;
}

static double part(ness_complex value, bool imaginary) {
  return imaginary ? value.im : value.re;
}

// One part of the off-diagonal elements of K in the rows of the representatives.
static ness_status make_hops(ness_orbit *plan, const ness_zcsc *drift, bool imaginary,
                             ness_orbit_hops *hops) {
  const int64_t n = plan->orbits;
  hops->starts = ness_calloc(n + 1, sizeof(int64_t));
  if (!hops->starts) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t c = 0; c < plan->order; ++c) {
    for (int64_t e = drift->starts[c]; e < drift->starts[c + 1]; ++e) {
      const int64_t row = row_of(plan, drift->indices[e]);
      if (row >= 0 && drift->indices[e] != c && part(drift->values[e], imaginary) != 0) {
        ++hops->starts[row + 1];
      }
    }
  }
  for (int64_t r = 0; r < n; ++r) {
    hops->starts[r + 1] += hops->starts[r];
  }
  const int64_t count = hops->starts[n];
  hops->columns = ness_alloc(count, sizeof(int32_t));
  hops->moves = ness_alloc(count, sizeof(int32_t));
  hops->values = ness_alloc(count, sizeof(double));
  int64_t *const next = ness_alloc(n, sizeof(int64_t));
  if (!hops->columns || !hops->moves || !hops->values || !next) {
    ness_free(next);
    return NESS_ERR_MEMORY;
  }
  memcpy(next, hops->starts, (size_t)n * sizeof(int64_t));
  for (int64_t c = 0; c < plan->order; ++c) {
    for (int64_t e = drift->starts[c]; e < drift->starts[c + 1]; ++e) {
      const int64_t row = row_of(plan, drift->indices[e]);
      const double value = part(drift->values[e], imaginary);
      if (row >= 0 && drift->indices[e] != c && value != 0) {
        const int64_t place = next[row]++;
        hops->columns[place] = plan->orbit_of[c];
        hops->moves[place] = (int32_t)(plan->element_of[c] * plan->elements);
        hops->values[place] = value;
      }
    }
  }
  ness_free(next);
  return NESS_OK;
}

static ness_status make_diagonal(ness_orbit *plan, const ness_zcsc *drift) {
  plan->decay = ness_calloc(plan->orbits, sizeof(double));
  plan->energy = ness_calloc(plan->orbits, sizeof(double));
  if (!plan->decay || !plan->energy) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t r = 0; r < plan->orbits; ++r) {
    const int64_t state = plan->representatives[r];
    for (int64_t e = drift->starts[state]; e < drift->starts[state + 1]; ++e) {
      if (drift->indices[e] == state) {
        plan->decay[r] = -2 * drift->values[e].re;
        plan->energy[r] = -drift->values[e].im;
      }
    }
  }
  return NESS_OK;
}

static ness_status make_rates(ness_orbit *plan, const ness_dcsc *rates) {
  const int64_t n = plan->orbits;
  plan->rate_starts = ness_calloc(n + 1, sizeof(int64_t));
  if (!plan->rate_starts) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t e = 0; rates && e < rates->starts[plan->order]; ++e) {
    const int64_t row = row_of(plan, rates->indices[e]);
    if (row >= 0) {
      ++plan->rate_starts[row + 1];
    }
  }
  for (int64_t r = 0; r < n; ++r) {
    plan->rate_starts[r + 1] += plan->rate_starts[r];
  }
  plan->rate_columns = ness_alloc(plan->rate_starts[n], sizeof(int32_t));
  plan->rate_values = ness_alloc(plan->rate_starts[n], sizeof(double));
  int64_t *const next = ness_alloc(n, sizeof(int64_t));
  if (!plan->rate_columns || !plan->rate_values || !next) {
    ness_free(next);
    return NESS_ERR_MEMORY;
  }
  memcpy(next, plan->rate_starts, (size_t)n * sizeof(int64_t));
  for (int64_t c = 0; rates && c < plan->order; ++c) {
    for (int64_t e = rates->starts[c]; e < rates->starts[c + 1]; ++e) {
      const int64_t row = row_of(plan, rates->indices[e]);
      if (row >= 0) {
        plan->rate_columns[next[row]] = plan->orbit_of[c];
        plan->rate_values[next[row]++] = rates->values[e];
      }
    }
  }
  ness_free(next);
  return NESS_OK;
}

static ness_status make_pattern(ness_orbit *plan) {
  const int64_t count = plan->elements * 16 + NESS_ORBIT_PATTERN;
  plan->pattern_d = ness_alloc(count, sizeof(double));
  plan->pattern_s = ness_alloc(count, sizeof(float));
  if (!plan->pattern_d || !plan->pattern_s) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t k = 0; k < count; ++k) {
    plan->pattern_d[k] = ness_orbit_random((uint64_t)k + (UINT64_C(1) << 40));
    plan->pattern_s[k] = (float)plan->pattern_d[k];
  }
  return NESS_OK;
}

ness_status ness_orbit_create(const ness_group *group, const ness_terms *terms, double floor,
                              ness_orbit **out) {
  *out = NULL;
  const int64_t order = terms->order, size = ness_group_size(group);
  if (ness_group_order(group) != order || terms->jump_count != 0 || !(floor > 0)) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t cells;
  if (!ness_product(size, size, &cells) || cells > INT32_MAX) {
    return NESS_ERR_OVERFLOW;
  }
  ness_orbit *const plan = ness_calloc(1, sizeof(ness_orbit));
  if (!plan) {
    return NESS_ERR_MEMORY;
  }
  plan->order = order;
  plan->elements = size;
  plan->orbits = ness_group_orbit_count(group);
  plan->floor = floor;
  ness_status status = make_orbits(plan, group);
  if (status == NESS_OK) {
    status = make_elements(plan, group);
  }
  if (status == NESS_OK) {
    status = make_hops(plan, &terms->drift, false, &plan->real);
  }
  if (status == NESS_OK) {
    status = make_hops(plan, &terms->drift, true, &plan->imaginary);
  }
  if (status == NESS_OK) {
    status = make_diagonal(plan, &terms->drift);
  }
  if (status == NESS_OK) {
    status = make_rates(plan, terms->rates);
  }
  if (status == NESS_OK) {
    status = make_pattern(plan);
  }
  if (status == NESS_OK) {
    *out = plan;
  } else {
    ness_orbit_destroy(plan);
  }
  return status;
}

int64_t ness_orbit_count(const ness_orbit *plan) {
  return plan->orbits;
}

int64_t ness_orbit_hop_count(const ness_orbit *plan) {
  return plan->real.starts[plan->orbits] + plan->imaginary.starts[plan->orbits];
}

int64_t ness_orbit_bytes(const ness_orbit *plan) {
  const int64_t n = plan->orbits;
  return plan->order * 8 + n * 56 + plan->elements * (plan->elements * 4 + 16 * 12 + 4) +
         NESS_ORBIT_PATTERN * 12 + plan->fixing_starts[n] * 4 + ness_orbit_hop_count(plan) * 16 +
         plan->rate_starts[n] * 12;
}

static void copy(int32_t *to, const int32_t *from, int64_t count) {
  if (to) {
    memcpy(to, from, (size_t)count * sizeof(int32_t));
  }
}

void ness_orbit_tables(const ness_orbit *plan, int32_t *orbits, int32_t *elements,
                       int32_t *representatives, int32_t *sizes, int32_t *inverses,
                       int32_t *quotients) {
  copy(orbits, plan->orbit_of, plan->order);
  copy(elements, plan->element_of, plan->order);
  copy(representatives, plan->representatives, plan->orbits);
  copy(sizes, plan->sizes, plan->orbits);
  copy(inverses, plan->inverse, plan->elements);
  copy(quotients, plan->left, plan->elements * plan->elements);
}

double ness_orbit_trace(const ness_orbit *plan, const double *populations) {
  double trace = 0;
  for (int64_t r = 0; r < plan->orbits; ++r) {
    trace += plan->sizes[r] * populations[r];
  }
  return trace;
}

void ness_orbit_sources(const ness_orbit *plan, const double *populations, double shift,
                        double *sources) {
  const double mixed = shift / (double)plan->order * ness_orbit_trace(plan, populations);
  for (int64_t r = 0; r < plan->orbits; ++r) {
    double sum = mixed;
    for (int64_t e = plan->rate_starts[r]; e < plan->rate_starts[r + 1]; ++e) {
      sum += plan->rate_values[e] * populations[plan->rate_columns[e]];
    }
    sources[r] = sum;
  }
}
