// What the files of the propagator share: the handle, one evolution in progress, and its shifted
// solves.
#ifndef NESS_PROPAGATOR_PRIVATE_H
#define NESS_PROPAGATOR_PRIVATE_H

#include "ness_propagator.h"
#include "pade.h"

#include <math.h>

struct ness_dpropagator {
  ness_dcsc matrix;  // with every diagonal entry stored; owns its arrays
  int64_t *diagonal; // where the diagonal entries are
  double norm;       // largest row sum of moduli
  ness_pade pade;
  ness_dlu_analysis *real;
  ness_zlu_analysis *complex;
};

// The three factorizations of p/h - A for one step size h = interval / 2^level.
typedef struct ness_shifts {
  bool made;
  int level;
  double real_shift;
  ness_complex pair_shifts[NESS_PADE_PAIRS];
  ness_dlu *real;
  ness_zlu *pairs[NESS_PADE_PAIRS];
  size_t bytes;
} ness_shifts;

enum { NESS_SHIFTS_KEPT = 2 };

// One evolution: the propagator, its workspaces (n doubles or n complex numbers each) and what is
// counted.
typedef struct ness_evolution {
  const ness_dpropagator *propagator;
  int64_t n;
  double interval;
  double *y, *slope, *u, *change;
  double *w_real, *w_pairs[NESS_PADE_PAIRS]; // first level of solves
  double *v_real, *v_pairs[NESS_PADE_PAIRS]; // second level
  double *residual, *correction, *scratch;
  ness_complex *shifted;
  ness_shifts kept[NESS_SHIFTS_KEPT];
  int latest;
  double factor_flops, step_flops;
  ness_propagator_info info;
} ness_evolution;

// Makes the factorizations of a level the latest; when they must be made, the older of the kept
// ones give way.
ness_status ness_evolution_use_level(ness_evolution *run, int level);

// (p/h - A)^-1 b of the latest level for every pole p, b real, to full precision.
ness_status ness_evolution_solve(ness_evolution *run, const double *b, double *real,
                                 double *const *pairs);

// Frees all factorizations.
void ness_evolution_release(ness_evolution *run);

static inline double ness_step_size(const ness_evolution *run, int level) {
  return ldexp(run->interval, -level);
}

// Largest modulus; NaN when there is one.
static inline double ness_largest(int64_t count, const double *values) {
  double result = 0;
  for (int64_t k = 0; k < count; ++k) {
    const double modulus = fabs(values[k]);
    // A comparison with NaN fails: that takes a new one in, and the test keeps it.
    result = modulus <= result || isnan(result) ? result : modulus;
  }
  return result;
}

#endif
