// Factorizations of p/h - A and their refined solves.

#include "propagator_private.h"

#include "residual.h"

#include <string.h>

static void release(ness_shifts *set) {
  ness_dlu_destroy(set->real);
  for (int k = 0; k < NESS_PADE_PAIRS; ++k) {
    ness_zlu_destroy(set->pairs[k]);
  }
  *set = (ness_shifts){0};
}

static void note_peak(ness_evolution *run, size_t making) {
  size_t held = making;
  for (int k = 0; k < NESS_SHIFTS_KEPT; ++k) {
    held += run->kept[k].bytes;
  }
  run->info.peak_bytes = held > run->info.peak_bytes ? held : run->info.peak_bytes;
}

ness_status ness_evolution_use_level(ness_evolution *run, int level) {
  for (int k = 0; k < NESS_SHIFTS_KEPT; ++k) {
    if (run->kept[k].made && run->kept[k].level == level) {
      run->latest = k;
      return NESS_OK;
    }
  }
  run->latest = (run->latest + 1) % NESS_SHIFTS_KEPT;
  ness_shifts *set = &run->kept[run->latest];
  release(set);
  const ness_dpropagator *propagator = run->propagator;
  const ness_dcsc *matrix = &propagator->matrix;
  const int64_t nonzeros = matrix->starts[run->n];
  const double h = ness_step_size(run, level);
  double flops = 0, entries = 0;
  ness_lu_info info;
  set->level = level;
  set->real_shift = propagator->pade.real_pole / h;
  double *real = (double *)run->shifted;
  for (int64_t k = 0; k < nonzeros; ++k) {
    real[k] = -matrix->values[k];
  }
  for (int64_t j = 0; j < run->n; ++j) {
    real[propagator->diagonal[j]] += set->real_shift;
  }
  ness_status status = ness_dlu_factorize(propagator->real, real, &info, &set->real);
  ++run->info.factorizations;
  note_peak(run, info.peak_bytes);
  set->bytes += info.factor_bytes;
  flops += info.flops;
  entries += (double)info.factor_nonzeros;
  for (int pair = 0; pair < NESS_PADE_PAIRS && status == NESS_OK; ++pair) {
    const ness_complex pole = propagator->pade.pair_poles[pair];
    const ness_complex shift = {pole.re / h, pole.im / h};
    set->pair_shifts[pair] = shift;
    for (int64_t k = 0; k < nonzeros; ++k) {
      run->shifted[k] = (ness_complex){-matrix->values[k], 0};
    }
    for (int64_t j = 0; j < run->n; ++j) {
      ness_complex *entry = &run->shifted[propagator->diagonal[j]];
      entry->re += shift.re;
      entry->im += shift.im;
    }
    status = ness_zlu_factorize(propagator->complex, run->shifted, &info, &set->pairs[pair]);
    ++run->info.factorizations;
    note_peak(run, info.peak_bytes);
    set->bytes += info.factor_bytes;
    flops += info.flops;
    entries += 4 * (double)info.factor_nonzeros;
  }
  set->made = status == NESS_OK;
  run->factor_flops = flops;
  // Two levels, each solved and refined once; two operations per entry.
  run->step_flops = 2 * 2 * 2 * entries;
  return status;
}

// x = (shift - A)^-1 b for one factorization of a set: the real one (`pair` negative) or that of a
// pair. Refinement squares the relative error with each correction; one below this bound leaves
// nothing above rounding.
static const double settled = 0x1p-28;

static ness_status solve(ness_evolution *run, int pair, const double *b, double *x) {
  const ness_shifts *set = &run->kept[run->latest];
  const ness_dcsc *matrix = &run->propagator->matrix;
  const int64_t doubles = pair < 0 ? run->n : 2 * run->n;
  memset(x, 0, (size_t)doubles * sizeof *x);
  memcpy(run->residual, b, (size_t)doubles * sizeof *b);
  double previous = INFINITY;
  for (int iteration = 0;; ++iteration) {
    const ness_status status =
        pair < 0 ? ness_dlu_solve(set->real, false, 1, run->residual, run->correction)
                 : ness_zlu_solve(set->pairs[pair], false, 1, (const ness_complex *)run->residual,
                                  (ness_complex *)run->correction);
    if (status != NESS_OK) {
      return status;
    }
    for (int64_t k = 0; k < doubles; ++k) {
      x[k] += run->correction[k];
    }
    const double size = ness_largest(doubles, x), change = ness_largest(doubles, run->correction);
    if (!isfinite(size)) {
      return NESS_ERR_CONVERGENCE;
    }
    if (iteration > 0 && (change <= settled * size || change > previous / 2)) {
      // Corrections that stop shrinking while they still matter tell of a shift that meets an
      // eigenvalue.
      return change <= 0x1p-10 * size ? NESS_OK : NESS_ERR_SINGULAR;
    }
    previous = iteration > 0 ? change : INFINITY;
    if (size == 0) {
      return NESS_OK;
    }
    if (pair < 0) {
      ness_dshift_residual(matrix, set->real_shift, b, x, run->residual, run->scratch);
    } else {
      ness_zshift_residual(matrix, set->pair_shifts[pair], (const ness_complex *)b,
                           (const ness_complex *)x, (ness_complex *)run->residual, run->scratch);
    }
  }
}

// All shifted solves for the right-hand side b, which is real: `lifted` is workspace for it as
// complex numbers.
ness_status ness_evolution_solve(ness_evolution *run, const double *b, double *real,
                                 double *const *pairs) {
  ness_status status = solve(run, -1, b, real);
  double *lifted = (double *)run->shifted;
  for (int64_t i = 0; i < run->n; ++i) {
    lifted[2 * i] = b[i];
    lifted[2 * i + 1] = 0;
  }
  for (int pair = 0; pair < NESS_PADE_PAIRS && status == NESS_OK; ++pair) {
    status = solve(run, pair, lifted, pairs[pair]);
  }
  return status;
}

void ness_evolution_release(ness_evolution *run) {
  for (int k = 0; k < NESS_SHIFTS_KEPT; ++k) {
    release(&run->kept[k]);
  }
}
