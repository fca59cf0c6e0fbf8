// Application of a generator on ket orbits, for one scalar type; included once per type, which
// defines
//   SCALAR, LANES     type, and how many of them make a cache line
//   NESS(name)        prefix of this type, e.g. ness_dorbit##name
//   PATTERN           the pattern of shadow vectors in this type
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

#include "ness_internal.h"
#include "orbit_private.h"

#define INLINE static inline __attribute__((always_inline))

typedef SCALAR lanes_t
    __attribute__((vector_size(LANES * sizeof(SCALAR)), aligned(sizeof(SCALAR))));

int64_t NESS(_lanes)(void) {
  return LANES;
}

int64_t NESS(_panels)(const ness_orbit *plan) {
  return (plan->orbits + LANES - 1) / LANES;
}

INLINE int64_t block_size(const ness_orbit *plan) {
  return plan->elements * LANES;
}

INLINE int64_t panel_size(const ness_orbit *plan) {
  return plan->orbits * block_size(plan);
}

int64_t NESS(_count)(const ness_orbit *plan) {
  return NESS(_panels)(plan) * panel_size(plan);
}

int64_t NESS(_work_count)(const ness_orbit *plan) {
  return 2 * panel_size(plan) + block_size(plan);
}

INLINE int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}

// tile[(row*|G| + g)*LANES + lane] of the transpose: rows of panel `other`, lanes of panel `panel`.
// Rows beyond the last orbit are not written.
INLINE void transpose_tile(const ness_orbit *plan, const SCALAR *x, int64_t panel, int64_t other,
                           SCALAR *tile) {
  const int64_t size = plan->elements;
  const int64_t rows = smaller(LANES, plan->orbits - other * LANES);
  const int64_t lanes = smaller(LANES, plan->orbits - panel * LANES);
  const SCALAR *const source = x + other * panel_size(plan) + panel * LANES * block_size(plan);
  for (int64_t g = 0; g < size; ++g) {
    const SCALAR *const from = source + plan->inverse[g] * LANES;
    SCALAR *const to = tile + g * LANES;
    if (rows == LANES && lanes == LANES) {
      for (int64_t row = 0; row < LANES; ++row) {
        for (int64_t lane = 0; lane < LANES; ++lane) {
          to[row * size * LANES + lane] = from[lane * size * LANES + row];
        }
      }
    } else {
      for (int64_t row = 0; row < rows; ++row) {
        for (int64_t lane = 0; lane < LANES; ++lane) {
          to[row * size * LANES + lane] = lane < lanes ? from[lane * size * LANES + row] : 0;
        }
      }
    }
  }
}

// What the diagonal of L and its inverse need of row r: decay g, detuning d, and the inverse of
// [[-g, -d], [d, -g]] as [[a, b], [-b, a]].
typedef struct diagonal_t {
  SCALAR decay[LANES], detuning[LANES], a[LANES], b[LANES];
} diagonal_t;

INLINE void find_diagonal(const ness_orbit *plan, int64_t panel, int64_t r, diagonal_t *out) {
  for (int64_t lane = 0; lane < LANES; ++lane) {
    const int64_t o = smaller(panel * LANES + lane, plan->orbits - 1);
    const double decay = (plan->decay[r] + plan->decay[o]) / 2;
    const double detuning = plan->energy[r] - plan->energy[o];
    const double floored = decay > plan->floor ? decay : plan->floor;
    const double square = floored * floored + detuning * detuning;
    out->decay[lane] = (SCALAR)decay;
    out->detuning[lane] = (SCALAR)detuning;
    out->a[lane] = (SCALAR)(-floored / square);
    out->b[lane] = (SCALAR)(detuning / square);
  }
}

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

// The panel of x and the panel of its transpose, both divided by the diagonal when asked for.
INLINE void load_panels(const ness_orbit *plan, const SCALAR *x, bool preconditioned, int64_t panel,
                        SCALAR *straight, SCALAR *crossed) {
  const int64_t size = plan->elements, block = block_size(plan);
  const SCALAR *const own = x + panel * panel_size(plan);
  for (int64_t other = 0; other < NESS(_panels)(plan); ++other) {
    const int64_t begin = other * LANES, end = smaller(begin + LANES, plan->orbits);
    transpose_tile(plan, x, panel, other, crossed + begin * block);
    for (int64_t r = begin; r < end; ++r) {
      const SCALAR *const in = own + r * block;
      SCALAR *const s = straight + r * block, *const c = crossed + r * block;
      if (!preconditioned) {
        memcpy(s, in, (size_t)block * sizeof(SCALAR));
        continue;
      }
      diagonal_t diagonal;
      find_diagonal(plan, panel, r, &diagonal);
      for (int64_t g = 0; g < size; ++g) {
        for (int64_t lane = 0; lane < LANES; ++lane) {
          const SCALAR u = in[g * LANES + lane], w = c[g * LANES + lane];
          s[g * LANES + lane] = diagonal.a[lane] * u + diagonal.b[lane] * w;
          c[g * LANES + lane] = diagonal.a[lane] * w - diagonal.b[lane] * u;
        }
      }
    }
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

// Where in the pattern the shadow vector of a block begins, and its factor.
INLINE const SCALAR *shadow(const ness_orbit *plan, int64_t panel, int64_t r, SCALAR *factor) {
  const uint64_t number = (uint64_t)(panel * plan->orbits + r);
  *factor = (SCALAR)ness_orbit_random(number);
  return plan->PATTERN + (ness_orbit_hash(~number) % (NESS_ORBIT_PATTERN / 16)) * 16;
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
    double maximum = 0;
    for (int64_t lane = 0; lane < LANES; ++lane) {
      maximum = largest[lane] > maximum ? (double)largest[lane] : maximum;
    }
    sums[panel * NESS_ORBIT_SUMS + 2] = maximum;
  }
}

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
