/// Matrix elements and partial traces of a Hermitian matrix on ket orbits: R(k s_r, g s_o) =
/// R(s_r, k^-1 g s_o) in double precision, and rho = (R + R^T)/2 + i (R - R^T)/2.
#include "ness_internal.h"
#include "orbit_private.h"

enum { LANES = 8 };

static inline double packed(const ness_orbit *plan, const double *x, int64_t ket, int64_t bra) {
  const int64_t size = plan->elements, r = plan->orbit_of[ket], o = plan->orbit_of[bra];
  const int64_t g = plan->left[plan->element_of[ket] * size + plan->element_of[bra]];
  return x[o / LANES * plan->orbits * size * LANES + (r * size + g) * LANES + o % LANES];
}

ness_status ness_orbit_elements(const ness_orbit *plan, const double *x, int64_t count,
                                const int64_t *kets, const int64_t *bras, ness_complex *out) {
  for (int64_t i = 0; i < count; ++i) {
    if (kets[i] < 0 || kets[i] >= plan->order || bras[i] < 0 || bras[i] >= plan->order) {
      return NESS_ERR_ARGUMENT;
    }
  }
  for (int64_t i = 0; i < count; ++i) {
    const double u = packed(plan, x, kets[i], bras[i]), w = packed(plan, x, bras[i], kets[i]);
    out[i] = (ness_complex){(u + w) / 2, (u - w) / 2};
  }
  return NESS_OK;
}

ness_status ness_orbit_partial_trace(const ness_orbit *plan, const double *x, int64_t groups,
                                     const int64_t *starts, const int64_t *states,
                                     const int64_t *kept, int64_t order, ness_complex *out) {
  for (int64_t i = 0; i < starts[groups]; ++i) {
    if (states[i] < 0 || states[i] >= plan->order || kept[i] < 0 || kept[i] >= order) {
      return NESS_ERR_ARGUMENT;
    }
  }
  for (int64_t i = 0; i < order * order; ++i) {
    out[i] = (ness_complex){0, 0};
  }
  for (int64_t group = 0; group < groups; ++group) {
    for (int64_t b = starts[group]; b < starts[group + 1]; ++b) {
      for (int64_t a = starts[group]; a <= b; ++a) {
        const double u = packed(plan, x, states[a], states[b]);
        const double w = packed(plan, x, states[b], states[a]);
        ness_complex *const upper = out + kept[a] + kept[b] * order;
        upper->re += (u + w) / 2;
        upper->im += (u - w) / 2;
        if (a != b) {
          ness_complex *const lower = out + kept[b] + kept[a] * order;
          lower->re += (u + w) / 2;
          lower->im -= (u - w) / 2;
        }
      }
    }
  }
  return NESS_OK;
}
