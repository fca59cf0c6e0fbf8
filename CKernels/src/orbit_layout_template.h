// Layout of vectors on ket orbits, their transpose, and their division by the diagonal of the
// generator, for one scalar type. The file of that type defines
//   SCALAR, LANES     type, and how many of them make a cache line
//   NESS(name)        prefix of this type, e.g. ness_dorbit##name
//   PATTERN           the pattern of shadow vectors in this type
// and includes the templates of application and vectors, which both include this one.
#ifndef NESS_ORBIT_LAYOUT_TEMPLATE_H
#define NESS_ORBIT_LAYOUT_TEMPLATE_H

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

// Where in the pattern the shadow vector of a block begins, and its factor.
INLINE const SCALAR *shadow(const ness_orbit *plan, int64_t panel, int64_t r, SCALAR *factor) {
  const uint64_t number = (uint64_t)(panel * plan->orbits + r);
  *factor = (SCALAR)ness_orbit_random(number);
  return plan->PATTERN + (ness_orbit_hash(~number) % (NESS_ORBIT_PATTERN / 16)) * 16;
}

#endif
