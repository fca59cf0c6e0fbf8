// Application of a generator on ket orbits, for one scalar type. See orbit_layout_template.h for
// what the including file defines.
//
// With K = Kr + i Ki and T = R^T, a Hermitian matrix packed as R = X + Y obeys
//
//     packed(K rho + rho K^+) = Kr R + Ki T + (Kr T - Ki R)^T,
//
// and on the diagonal of K, -Gamma_a/2 - i E_a, this is -g R_ab - d R_ba with g = (Gamma_a +
// Gamma_b)/2 and d = E_a - E_b. Kets hop by R(k s_c, g s_o) = R(s_c, k^-1 g s_o): rows of lanes are
// added in another order of the elements, never gathered. The transpose comes from
// R(g s_o, s_r) = R(s_o, g^-1 s_r): panels exchange square tiles. The panel of kets being worked on
// and its transpose are what must fit into the caches, n |G| lanes each.

#include <math.h>
#include <string.h>

#include "orbit_layout_template.h"

void NESS(_populations)(const ness_orbit *plan, const SCALAR *x, bool preconditioned,
                        double *populations) {
  for (int64_t r = 0; r < plan->orbits; ++r) {
    const double value =
        x[r / LANES * panel_size(plan) + r * block_size(plan) + r % LANES]; // identity is element 0
    const double decay = plan->decay[r] > plan->floor ? plan->decay[r] : plan->floor;
    populations[r] = preconditioned ? -value / decay : value;
  }
}

// sum += sign * (matrix times panel) in row r; the accumulators of a few elements stay in
// registers while the hops are gone through.
#define HOPS(WIDTH)                                                                                \
  {                                                                                                \
    lanes_t sum[WIDTH];                                                                            \
    for (int u = 0; u < WIDTH; ++u) {                                                              \
      sum[u] = *(const lanes_t *)(row + (g + u) * LANES);                                          \
    }                                                                                              \
    for (int64_t e = hops->starts[r]; e < hops->starts[r + 1]; ++e) {                              \
      const SCALAR *const from = source + hops->columns[e] * block;                                \
      const int32_t *const order = plan->left + hops->moves[e] + g;                                \
      const SCALAR value = sign * (SCALAR)hops->values[e];                                         \
      for (int u = 0; u < WIDTH; ++u) {                                                            \
        sum[u] += value * *(const lanes_t *)(from + (int64_t)order[u] * LANES);                    \
      }                                                                                            \
    }                                                                                              \
    for (int u = 0; u < WIDTH; ++u) {                                                              \
      *(lanes_t *)(row + (g + u) * LANES) = sum[u];                                                \
    }                                                                                              \
    g += WIDTH;                                                                                    \
  }

INLINE void add_hops(const ness_orbit *plan, const ness_orbit_hops *hops, SCALAR sign, int64_t r,
                     const SCALAR *source, SCALAR *row) {
  const int64_t size = plan->elements, block = block_size(plan);
  if (hops->starts[r] == hops->starts[r + 1]) {
    return;
  }
  int64_t g = 0;
  while (g + 10 <= size) {
    HOPS(10)
  }
  while (g + 6 <= size) {
    HOPS(6)
  }
  while (g + 2 <= size) {
    HOPS(2)
  }
  while (g < size) {
    HOPS(1)
  }
}
NESS_CLONES
void NESS(_apply)(const ness_orbit *plan, const SCALAR *x, bool preconditioned, SCALAR *out,
                  SCALAR *transposed, SCALAR *work, int64_t first, int64_t last) {
  const int64_t size = plan->elements, block = block_size(plan);
  SCALAR *const straight = work, *const crossed = work + panel_size(plan);
  for (int64_t panel = first; panel < last; ++panel) {
    load_panels(plan, x, preconditioned, panel, straight, crossed);
    for (int64_t r = 0; r < plan->orbits; ++r) {
      SCALAR *const row = out + panel * panel_size(plan) + r * block;
      const SCALAR *const s = straight + r * block, *const c = crossed + r * block;
      diagonal_t diagonal;
      find_diagonal(plan, panel, r, &diagonal);
      for (int64_t g = 0; g < size; ++g) {
        for (int64_t lane = 0; lane < LANES; ++lane) {
          row[g * LANES + lane] = -diagonal.decay[lane] * s[g * LANES + lane] -
                                  diagonal.detuning[lane] * c[g * LANES + lane];
        }
      }
      add_hops(plan, &plan->imaginary, 1, r, crossed, row);
      add_hops(plan, &plan->real, 1, r, straight, row);
    }
    for (int64_t r = 0; r < plan->orbits; ++r) {
      SCALAR *const row = transposed + panel * panel_size(plan) + r * block;
      memset(row, 0, (size_t)block * sizeof(SCALAR));
      add_hops(plan, &plan->imaginary, -1, r, straight, row);
      add_hops(plan, &plan->real, 1, r, crossed, row);
    }
  }
}
// Sums over one block in the type of the vector, over blocks in doubles, lane by lane.
typedef struct sums_t {
  double lanes[NESS_ORBIT_SUMS][LANES];
} sums_t;

INLINE void add_block(sums_t *sums, int which, SCALAR factor, const SCALAR *block_sums) {
  for (int64_t lane = 0; lane < LANES; ++lane) {
    sums->lanes[which][lane] += (double)(factor * block_sums[lane]);
  }
}

INLINE void store_sums(const sums_t *sums, int64_t panel, double *out) {
  for (int k = 0; k < NESS_ORBIT_SUMS; ++k) {
    double total = 0;
    for (int64_t lane = 0; lane < LANES; ++lane) {
      total += sums->lanes[k][lane];
    }
    out[panel * NESS_ORBIT_SUMS + k] = total;
  }
}

// Adds the sources to all copies of the diagonal elements in block r.
INLINE void add_diagonal(const ness_orbit *plan, int64_t panel, int64_t r, double value,
                         SCALAR *row) {
  if (r / LANES == panel) {
    for (int64_t k = plan->fixing_starts[r]; k < plan->fixing_starts[r + 1]; ++k) {
      row[plan->fixing[k] * LANES + r % LANES] += (SCALAR)value;
    }
  }
}

NESS_CLONES
void NESS(_combine)(const ness_orbit *plan, SCALAR *out, const SCALAR *transposed,
                    const double *sources, double *sums, int64_t first, int64_t last) {
  const int64_t size = plan->elements, block = block_size(plan);
  for (int64_t panel = first; panel < last; ++panel) {
    sums_t total = {0};
    SCALAR largest[LANES] = {0};
    for (int64_t tile = 0; tile < NESS(_panels)(plan); ++tile) {
      const int64_t begin = tile * LANES, end = smaller(begin + LANES, plan->orbits);
      const SCALAR *const source = transposed + tile * panel_size(plan) + panel * LANES * block;
      const int64_t lanes = smaller(LANES, plan->orbits - panel * LANES);
      for (int64_t r = begin; r < end; ++r) {
        SCALAR *const row = out + panel * panel_size(plan) + r * block;
        for (int64_t g = 0; g < size; ++g) {
          const SCALAR *const from = source + plan->inverse[g] * LANES + (r - begin);
          if (lanes == LANES) {
            for (int64_t lane = 0; lane < LANES; ++lane) {
              row[g * LANES + lane] += from[lane * block];
            }
          } else {
            for (int64_t lane = 0; lane < lanes; ++lane) {
              row[g * LANES + lane] += from[lane * block];
            }
          }
        }
        add_diagonal(plan, panel, r, sources[r], row);
        SCALAR factor, with_h[LANES] = {0}, square[LANES] = {0};
        const SCALAR *const h = shadow(plan, panel, r, &factor);
        for (int64_t g = 0; g < size; ++g) {
          for (int64_t lane = 0; lane < LANES; ++lane) {
            const SCALAR value = row[g * LANES + lane];
            const SCALAR magnitude = value < 0 ? -value : value;
            with_h[lane] += value * h[g * LANES + lane];
            square[lane] += value * value;
            largest[lane] = magnitude > largest[lane] ? magnitude : largest[lane];
          }
        }
        add_block(&total, 0, factor, with_h);
        add_block(&total, 1, 1, square);
      }
    }
    store_sums(&total, panel, sums);
    // Comparisons pass over NaN; the sum of squares keeps it.
    const double squares = sums[panel * NESS_ORBIT_SUMS + 1];
    double maximum = isnan(squares) ? squares : 0;
    for (int64_t lane = 0; lane < LANES; ++lane) {
      maximum = largest[lane] > maximum ? (double)largest[lane] : maximum;
    }
    sums[panel * NESS_ORBIT_SUMS + 2] = maximum;
  }
}
