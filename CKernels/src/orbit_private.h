/// The immutable tables that all kernels on ket orbits read.
#ifndef NESS_ORBIT_PRIVATE_H
#define NESS_ORBIT_PRIVATE_H

#include "ness_internal.h"
#include "ness_orbit.h"

/// Bytes of one group of lanes: a cache line, and the widest vector register.
#define NESS_ORBIT_LANE_BYTES 64

/// Off-diagonal elements of one part of K in the rows of the representatives:
/// K(s_r, k s_c) for entry e in [starts[r], starts[r + 1]).
typedef struct ness_orbit_hops {
  int64_t *starts;  // orbits + 1
  int32_t *columns; // c
  int32_t *moves;   // offset of the row of k^-1 in `left`
  double *values;
} ness_orbit_hops;

struct ness_orbit {
  int64_t order;            // D
  int64_t orbits;           // n
  int64_t elements;         // |G|
  int32_t *representatives; // n: s_o
  int32_t *sizes;           // n: states of the orbit
  int32_t *orbit_of;        // D
  int32_t *element_of;      // D: g with g s_o = a
  int32_t *inverse;         // |G|
  int32_t *left;            // |G| x |G|: number of k^-1 g at k*|G| + g
  int64_t *fixing_starts;   // n + 1: elements that fix s_o
  int32_t *fixing;
  double *decay;  // n: -2 Re K(s_o, s_o)
  double *energy; // n: -Im K(s_o, s_o)
  ness_orbit_hops real, imaginary;
  int64_t *rate_starts; // n + 1: W(s_r, states of orbit c), summed over them
  int32_t *rate_columns;
  double *rate_values;
  double floor;      // smallest decay that the preconditioner divides by
  double *pattern_d; // |G| x 16 + NESS_ORBIT_PATTERN numbers that shadow vectors are made of
  float *pattern_s;  // the same
};

/// Number of starting places in the pattern.
#define NESS_ORBIT_PATTERN 1024

static inline uint64_t ness_orbit_hash(uint64_t z) {
  return ness_splitmix(z + NESS_SPLITMIX_INCREMENT);
}

/// Uniform in (-1, 1), never zero.
static inline double ness_orbit_random(uint64_t number) {
  return ((double)(ness_orbit_hash(number) >> 12) + 0.5) * 0x1p-51 - 1;
}

#endif
