/// Copies of matrix elements that belong to states with a stabilizer, made equal again.
///
/// Rounding lets the copies drift apart, and what they differ by is no matrix: the generator acts
/// on it without keeping its trace. Averages over the elements that fix the representative of the
/// row (from the left) and of the lane (from the right) take it away.
#include <string.h>

#include "ness_internal.h"
#include "orbit_private.h"

enum { LANES = 8 };

ness_status ness_orbit_align(const ness_orbit *plan, double *x, int64_t first, int64_t last) {
  const int64_t size = plan->elements, n = plan->orbits, block = size * LANES;
  double *const copy = ness_alloc(block, sizeof(double));
  if (!copy) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t panel = first; panel < last; ++panel) {
    for (int64_t r = 0; r < n; ++r) {
      double *const row = x + panel * n * block + r * block;
      const int32_t *fixing = plan->fixing + plan->fixing_starts[r];
      int64_t count = plan->fixing_starts[r + 1] - plan->fixing_starts[r];
      if (count > 1) {
        memcpy(copy, row, (size_t)block * sizeof(double));
        for (int64_t g = 0; g < size; ++g) {
          for (int64_t lane = 0; lane < LANES; ++lane) {
            double sum = 0;
            for (int64_t k = 0; k < count; ++k) {
              sum += copy[plan->left[fixing[k] * size + g] * LANES + lane];
            }
            row[g * LANES + lane] = sum / (double)count;
          }
        }
      }
      for (int64_t lane = 0; lane < LANES && panel * LANES + lane < n; ++lane) {
        const int64_t o = panel * LANES + lane;
        fixing = plan->fixing + plan->fixing_starts[o];
        count = plan->fixing_starts[o + 1] - plan->fixing_starts[o];
        if (count > 1) {
          for (int64_t g = 0; g < size; ++g) {
            double sum = 0;
            for (int64_t k = 0; k < count; ++k) {
              // g k is the quotient of k by the inverse of g.
              sum += row[plan->left[plan->inverse[g] * size + fixing[k]] * LANES + lane];
            }
            copy[g] = sum / (double)count;
          }
          for (int64_t g = 0; g < size; ++g) {
            row[g * LANES + lane] = copy[g];
          }
        }
      }
    }
  }
  ness_free(copy);
  return NESS_OK;
}
