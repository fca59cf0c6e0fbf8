// Combinations, inner products and change of precision of vectors on ket orbits, for one scalar
// type. See orbit_layout_template.h for what the including file defines.

#include <string.h>

#include "orbit_layout_template.h"

NESS_CLONES
void NESS(_mix)(const ness_orbit *plan, int64_t count, SCALAR *const *vectors, int64_t targets,
                const double *coefficients, int64_t first, int64_t last) {
  // A piece of every vector fits into the first-level cache, results included.
  enum { PIECE = 256 };
  SCALAR results[NESS_ORBIT_VECTORS][PIECE];
  const int64_t size = panel_size(plan);
  for (int64_t begin = first * size; begin < last * size; begin += PIECE) {
    const int64_t length = smaller(PIECE, last * size - begin);
    for (int64_t i = 0; i < targets; ++i) {
      bool started = false;
      for (int64_t j = 0; j < count; ++j) {
        const SCALAR c = (SCALAR)coefficients[i * count + j];
        const SCALAR *const from = vectors[j] + begin;
        SCALAR *const to = results[i];
        if (c == 0) {
          continue;
        }
        if (!started) {
          for (int64_t k = 0; k < length; ++k) {
            to[k] = c * from[k];
          }
          started = true;
        } else {
          for (int64_t k = 0; k < length; ++k) {
            to[k] += c * from[k];
          }
        }
      }
      if (!started) {
        memset(results[i], 0, sizeof results[i]);
      }
    }
    for (int64_t i = 0; i < targets; ++i) {
      memcpy(vectors[i] + begin, results[i], (size_t)length * sizeof(SCALAR));
    }
  }
}

NESS_CLONES
void NESS(_gram)(const ness_orbit *plan, int64_t count, SCALAR *const *vectors, double *sums,
                 int64_t first, int64_t last) {
  const int64_t block = block_size(plan), width = count * (count + 3) / 2;
  for (int64_t panel = first; panel < last; ++panel) {
    double *const total = sums + panel * width;
    for (int64_t k = 0; k < width; ++k) {
      total[k] = 0;
    }
    for (int64_t r = 0; r < plan->orbits; ++r) {
      const int64_t at = panel * panel_size(plan) + r * block;
      SCALAR factor;
      const SCALAR *const h = shadow(plan, panel, r, &factor);
      int64_t place = 0;
      for (int64_t i = 0; i < count; ++i) {
        for (int64_t j = 0; j <= i + 1; ++j) {
          const SCALAR *const x = vectors[i] + at, *const y = j > i ? h : vectors[j] + at;
          SCALAR sum[LANES] = {0};
          for (int64_t k = 0; k < block; k += LANES) {
            for (int64_t lane = 0; lane < LANES; ++lane) {
              sum[lane] += x[k + lane] * y[k + lane];
            }
          }
          double value = 0;
          for (int64_t lane = 0; lane < LANES; ++lane) {
            value += (double)sum[lane];
          }
          total[place++] += j > i ? (double)factor * value : value;
        }
      }
    }
  }
}

// Place in the layout of doubles, 8 lanes, of lane 0 or 8 of a row of this layout.
INLINE int64_t double_place(const ness_orbit *plan, int64_t panel, int64_t r, int64_t g,
                            int64_t half) {
  return (panel * (LANES / 8) + half) * plan->orbits * plan->elements * 8 +
         (r * plan->elements + g) * 8;
}

// Halves of a panel that exist in the layout of doubles.
INLINE int64_t halves(const ness_orbit *plan, int64_t panel) {
  return smaller(LANES / 8, (plan->orbits + 7) / 8 - panel * (LANES / 8));
}

NESS_CLONES
void NESS(_update)(const ness_orbit *plan, double scale, const SCALAR *x, double *y, SCALAR *work,
                   int64_t first, int64_t last) {
  const int64_t block = block_size(plan);
  SCALAR *const straight = work, *const crossed = work + panel_size(plan);
  for (int64_t panel = first; panel < last; ++panel) {
    load_panels(plan, x, true, panel, straight, crossed);
    for (int64_t r = 0; r < plan->orbits; ++r) {
      for (int64_t g = 0; g < plan->elements; ++g) {
        for (int64_t half = 0; half < halves(plan, panel); ++half) {
          double *const to = y + double_place(plan, panel, r, g, half);
          for (int64_t lane = 0; lane < 8; ++lane) {
            to[lane] += scale * (double)straight[r * block + g * LANES + half * 8 + lane];
          }
        }
      }
    }
  }
}

NESS_CLONES
void NESS(_start)(const ness_orbit *plan, double scale, const double *sources, const double *x,
                  SCALAR *r, int64_t first, int64_t last) {
  const int64_t block = block_size(plan);
  for (int64_t panel = first; panel < last; ++panel) {
    for (int64_t k = 0; k < plan->orbits; ++k) {
      SCALAR *const row = r + panel * panel_size(plan) + k * block;
      if (halves(plan, panel) < LANES / 8) {
        memset(row, 0, (size_t)block * sizeof(SCALAR));
      }
      for (int64_t g = 0; g < plan->elements; ++g) {
        for (int64_t half = 0; half < halves(plan, panel); ++half) {
          const double *const from = x + double_place(plan, panel, k, g, half);
          for (int64_t lane = 0; lane < 8; ++lane) {
            row[g * LANES + half * 8 + lane] = (SCALAR)(-scale * from[lane]);
          }
        }
      }
      if (k / LANES != panel) {
        continue;
      }
      // Where both parts nearly cancel their difference must be formed before it is rounded.
      const int64_t lane = k % LANES;
      for (int64_t i = plan->fixing_starts[k]; i < plan->fixing_starts[k + 1]; ++i) {
        const int64_t g = plan->fixing[i];
        const double value = x[double_place(plan, panel, k, g, lane / 8) + lane % 8];
        row[g * LANES + lane] = (SCALAR)(scale * (sources[k] - value));
      }
    }
  }
}
