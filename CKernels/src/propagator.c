// Stepping y' = A y by the (4,5) Pade approximant R (see pade.h) with two levels of shifted solves
// per step:
//
//   w = (p - z)^-1 z y        for every pole p, z = hA:    y(t + h) = y + step(w)
//   u = z^4/Q z y = fourth(w)
//   W = (p - z)^-1 u:         error = constant z^10/Q^2 y = constant fifth(W),
//                             y(t + theta h) = y + first(w) + second(W)  to the same order.
//
// Changes of y are formed, not y itself: near a steady state they are small and so are their
// rounding errors, and a null left vector of A (a conserved sum) annihilates z y before anything
// else happens. Plain residuals would still lose h |A| eps of that sum per step, which matters for
// rates that differ by ten orders; hence residual.h.
//
// Step control: the tolerance is a budget over the whole interval. Half of it is spread evenly in
// time and half evenly in log(1 + t |A|), since a stiff problem passes through all its time scales
// on the way to the longest.

#include "ness_propagator.h"

#include "ness_internal.h"
#include "ness_sparse.h"
#include "pade.h"
#include "residual.h"

#include <math.h>
#include <string.h>

struct ness_dpropagator {
  ness_dcsc matrix;  // with every diagonal entry stored; owns its arrays
  int64_t *diagonal; // where the diagonal entries are
  double norm;       // largest row sum of moduli
  ness_pade pade;
  ness_dlu_analysis *real;
  ness_zlu_analysis *complex;
};

void ness_dpropagator_destroy(ness_dpropagator *propagator) {
  if (propagator == NULL) {
    return;
  }
  ness_zlu_analysis_release(propagator->complex);
  ness_dlu_analysis_release(propagator->real);
  ness_free(propagator->diagonal);
  ness_free((void *)propagator->matrix.values);
  ness_free((void *)propagator->matrix.indices);
  ness_free((void *)propagator->matrix.starts);
  ness_free(propagator);
}

static bool has_diagonal(const ness_dcsc *matrix, int64_t j) {
  for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
    if (matrix->indices[k] >= j) {
      return matrix->indices[k] == j;
    }
  }
  return false;
}

// Copies the matrix with its diagonal completed by zeros, which the shifts will fill.
static ness_status copy_with_diagonal(const ness_dcsc *matrix, ness_dpropagator *propagator) {
  const int64_t n = matrix->rows;
  int64_t total = matrix->starts[n];
  for (int64_t j = 0; j < n; ++j) {
    total += !has_diagonal(matrix, j);
  }
  int64_t *starts = ness_alloc(n + 1, sizeof *starts);
  int64_t *indices = ness_alloc(total, sizeof *indices);
  double *values = ness_alloc(total, sizeof *values);
  propagator->matrix = (ness_dcsc){n, n, starts, indices, values};
  propagator->diagonal = ness_alloc(n, sizeof *propagator->diagonal);
  if (starts == NULL || indices == NULL || values == NULL || propagator->diagonal == NULL) {
    return NESS_ERR_MEMORY;
  }
  int64_t place = 0;
  for (int64_t j = 0; j < n; ++j) {
    starts[j] = place;
    bool missing = !has_diagonal(matrix, j);
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      if (missing && matrix->indices[k] > j) {
        missing = false;
        propagator->diagonal[j] = place;
        indices[place] = j;
        values[place++] = 0;
      }
      if (matrix->indices[k] == j) {
        propagator->diagonal[j] = place;
      }
      indices[place] = matrix->indices[k];
      values[place++] = matrix->values[k];
    }
    if (missing) {
      propagator->diagonal[j] = place;
      indices[place] = j;
      values[place++] = 0;
    }
  }
  starts[n] = place;
  return NESS_OK;
}

static double largest(int64_t count, const double *values) {
  double result = 0;
  for (int64_t k = 0; k < count; ++k) {
    // Written so that NaN is kept.
    result = fabs(values[k]) <= result ? result : fabs(values[k]);
  }
  return result;
}

// Largest row sum of moduli; `sums` is workspace for one double per row.
static double row_norm(const ness_dcsc *matrix, double *sums) {
  memset(sums, 0, (size_t)matrix->rows * sizeof *sums);
  for (int64_t k = 0; k < matrix->starts[matrix->columns]; ++k) {
    sums[matrix->indices[k]] += fabs(matrix->values[k]);
  }
  return largest(matrix->rows, sums);
}

ness_status ness_dpropagator_create(const ness_dcsc *matrix, const ness_lu_options *options,
                                    ness_dpropagator **out) {
  *out = NULL;
  if (matrix->rows != matrix->columns || matrix->rows < 1 || ness_dcsc_check(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  ness_lu_options unrefined = *options;
  unrefined.refinement_steps = 0;
  const int64_t n = matrix->rows;
  ness_complex *shifted = NULL;
  double *sums = NULL;
  ness_status status = NESS_ERR_MEMORY;
  ness_dpropagator *propagator = ness_calloc(1, sizeof *propagator);
  if (propagator == NULL) {
    return NESS_ERR_MEMORY;
  }
  ness_pade_init(&propagator->pade);
  status = copy_with_diagonal(matrix, propagator);
  if (status != NESS_OK) {
    goto failed;
  }
  const ness_dcsc *own = &propagator->matrix;
  const int64_t nonzeros = own->starts[n];
  shifted = ness_alloc(nonzeros, sizeof *shifted);
  sums = ness_alloc(n, sizeof *sums);
  if (shifted == NULL || sums == NULL) {
    status = NESS_ERR_MEMORY;
    goto failed;
  }
  propagator->norm = row_norm(own, sums);
  // Orderings look at values only to tell entries from zeros, which a shift by the norm serves on
  // the diagonal.
  for (int64_t k = 0; k < nonzeros; ++k) {
    shifted[k] = (ness_complex){-own->values[k], 0};
  }
  for (int64_t j = 0; j < n; ++j) {
    shifted[propagator->diagonal[j]].im = propagator->norm > 0 ? propagator->norm : 1;
  }
  ness_lu_info info;
  const ness_zcsc view = {n, n, own->starts, own->indices, shifted};
  status = ness_zlu_analyze(&view, &unrefined, &info, &propagator->complex);
  if (status != NESS_OK) {
    goto failed;
  }
  double *real = (double *)shifted;
  for (int64_t k = 0; k < nonzeros; ++k) {
    real[k] = -own->values[k];
  }
  for (int64_t j = 0; j < n; ++j) {
    real[propagator->diagonal[j]] += 2 * (propagator->norm > 0 ? propagator->norm : 1);
  }
  const ness_dcsc real_view = {n, n, own->starts, own->indices, real};
  status = ness_dlu_analyze(&real_view, &unrefined, &info, &propagator->real);
  if (status != NESS_OK) {
    goto failed;
  }
  *out = propagator;
  propagator = NULL;
failed:
  ness_free(sums);
  ness_free(shifted);
  ness_dpropagator_destroy(propagator);
  return status;
}

// The three factorizations of p/h - A for one step size h = interval / 2^level.
typedef struct factors {
  bool made;
  int level;
  double real_shift;
  ness_complex pair_shifts[NESS_PADE_PAIRS];
  ness_dlu *real;
  ness_zlu *pairs[NESS_PADE_PAIRS];
  size_t bytes;
} factors;

enum { KEPT = 2 };

// One evolution: the propagator, its workspaces (n doubles or n complex numbers each) and what is
// counted.
typedef struct run {
  const ness_dpropagator *propagator;
  int64_t n;
  double interval;
  double *y, *slope, *u, *change;
  double *w_real, *w_pairs[NESS_PADE_PAIRS]; // first level of solves
  double *v_real, *v_pairs[NESS_PADE_PAIRS]; // second level
  double *residual, *correction, *scratch;
  ness_complex *shifted;
  factors kept[KEPT];
  int latest;
  double factor_flops, step_flops;
  ness_propagator_info info;
} run;

static void release(factors *set) {
  ness_dlu_destroy(set->real);
  for (int k = 0; k < NESS_PADE_PAIRS; ++k) {
    ness_zlu_destroy(set->pairs[k]);
  }
  *set = (factors){0};
}

static void note_peak(run *run, size_t making) {
  size_t held = making;
  for (int k = 0; k < KEPT; ++k) {
    held += run->kept[k].bytes;
  }
  run->info.peak_bytes = held > run->info.peak_bytes ? held : run->info.peak_bytes;
}

static double step_size(const run *run, int level) {
  return ldexp(run->interval, -level);
}

// Makes the set of a level the latest; when it must be factorized, the older of the kept ones gives
// way.
static ness_status use_level(run *run, int level) {
  for (int k = 0; k < KEPT; ++k) {
    if (run->kept[k].made && run->kept[k].level == level) {
      run->latest = k;
      return NESS_OK;
    }
  }
  run->latest = (run->latest + 1) % KEPT;
  factors *set = &run->kept[run->latest];
  release(set);
  const ness_dpropagator *propagator = run->propagator;
  const ness_dcsc *matrix = &propagator->matrix;
  const int64_t nonzeros = matrix->starts[run->n];
  const double h = step_size(run, level);
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

static ness_status solve(run *run, int pair, const double *b, double *x) {
  const factors *set = &run->kept[run->latest];
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
    const double size = largest(doubles, x), change = largest(doubles, run->correction);
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
static ness_status solve_all(run *run, const double *b, double *real, double *const *pairs) {
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

// out (+)= scale times the partial fractions of `weights` with the solves of x.
static void combine(const run *run, const ness_pade_weights *weights, double scale, const double *x,
                    const double *real, double *const *pairs, bool add, double *restrict out) {
  for (int64_t i = 0; i < run->n; ++i) {
    double sum = weights->constant * x[i] + weights->real * real[i];
    for (int k = 0; k < NESS_PADE_PAIRS; ++k) {
      sum += weights->pair[k].re * pairs[k][2 * i] - weights->pair[k].im * pairs[k][2 * i + 1];
    }
    out[i] = (add ? out[i] : 0) + scale * sum;
  }
}

// Share of the error budget that belongs to the times from t to t + h; whole intervals add up to
// one.
static double share(const run *run, double t, double h) {
  const double end = fmin(t + h, run->interval),
               rate = fmax(run->propagator->norm, 1 / run->interval);
  return 0.5 * (end - t) / run->interval +
         0.5 * log((1 + rate * end) / (1 + rate * t)) / log1p(rate * run->interval);
}

// Output and step differ by less than twice the leading error of the step.
static const double safety = 2;

// Levels by which a step may grow (negative: must shrink) for an error that scales with the tenth
// power of the step.
static int level_change(double error, double allowed) {
  if (error == 0) {
    return 1000;
  }
  return (int)fmax(-1000, fmin(1000, floor(log2(allowed / error) / 10)));
}

// Largest step for which the Taylor series predicts an error within budget, from A^10 y normalized
// at each power.
static int first_level(run *run, double tolerance) {
  double logarithm = log(safety * fabs(run->propagator->pade.error_constant));
  memcpy(run->u, run->y, (size_t)run->n * sizeof *run->u);
  for (int power = 0; power < 10; ++power) {
    ness_dcsc_apply(&run->propagator->matrix, false, run->u, run->change);
    const double size = largest(run->n, run->change);
    if (!(size > 0)) {
      return 0;
    }
    logarithm += log(size);
    for (int64_t i = 0; i < run->n; ++i) {
      run->u[i] = run->change[i] / size;
    }
  }
  int level = 0;
  while (level < 1000) {
    const double h = step_size(run, level);
    if (logarithm + 10 * log(h) <= log(tolerance * share(run, 0, h))) {
      break;
    }
    ++level;
  }
  return level;
}

// Larger steps pay off when the solves they save outweigh new factors; those run about eight times
// as many operations per second because they work on dense blocks.
static int next_level(const run *run, int level, double t, double error, double tolerance) {
  const double remaining = run->interval - t, steps = ceil(remaining / step_size(run, level));
  int best = level;
  for (int grown = level - 1; grown >= 0 && step_size(run, grown + 1) < remaining; --grown) {
    const double allowed = tolerance * share(run, t, step_size(run, grown));
    if (level_change(error, allowed) < level - grown) {
      break;
    }
    const double saved = steps - ceil(remaining / step_size(run, grown));
    bool known = false;
    for (int k = 0; k < KEPT; ++k) {
      known = known || (run->kept[k].made && run->kept[k].level == grown);
    }
    if (known || saved * run->step_flops > run->factor_flops / 8) {
      best = grown;
    }
  }
  return best;
}

static ness_status evolve(run *run, int64_t count, const double *times, double tolerance,
                          double scale, double *out) {
  const ness_pade *pade = &run->propagator->pade;
  int level = first_level(run, tolerance * scale);
  double t = 0;
  for (int64_t next = 0; next < count;) {
    if (times[next] == 0) {
      memcpy(out + next++ * run->n, run->y, (size_t)run->n * sizeof *out);
      continue;
    }
    const double h = step_size(run, level);
    if (!(t + h > t)) {
      return NESS_ERR_CONVERGENCE;
    }
    ness_status status = use_level(run, level);
    if (status != NESS_OK) {
      return status;
    }
    // The slope A y is the residual 0 - (0 - A) y.
    memset(run->correction, 0, (size_t)run->n * sizeof *run->correction);
    ness_dshift_residual(&run->propagator->matrix, 0, run->correction, run->y, run->slope,
                         run->scratch);
    status = solve_all(run, run->slope, run->w_real, run->w_pairs);
    if (status != NESS_OK) {
      return status;
    }
    combine(run, &pade->fourth, 1, run->slope, run->w_real, run->w_pairs, false, run->u);
    status = solve_all(run, run->u, run->v_real, run->v_pairs);
    if (status != NESS_OK) {
      return status;
    }
    // The second level solved with p/h - A; one over h makes that (p - hA)^-1.
    ness_pade_weights fifth = pade->fifth;
    fifth.constant *= h;
    combine(run, &fifth, pade->error_constant / h, run->u, run->v_real, run->v_pairs, false,
            run->change);
    const double error = safety * largest(run->n, run->change);
    const double allowed = tolerance * scale * share(run, t, h);
    if (!isfinite(error)) {
      return NESS_ERR_CONVERGENCE;
    }
    if (error > allowed) {
      ++run->info.rejected;
      level -= level_change(error, allowed);
      continue;
    }
    for (; next < count && times[next] <= t + h; ++next) {
      ness_pade_weights first, second;
      ness_pade_output(pade, (times[next] - t) / h, &first, &second);
      second.constant *= h;
      double *y = out + next * run->n;
      memcpy(y, run->y, (size_t)run->n * sizeof *y);
      combine(run, &second, 1 / h, run->u, run->v_real, run->v_pairs, true, y);
      combine(run, &first, 1, run->slope, run->w_real, run->w_pairs, true, y);
    }
    combine(run, &pade->step, 1, run->slope, run->w_real, run->w_pairs, true, run->y);
    t += h;
    ++run->info.steps;
    run->info.error += error / scale;
    level = next_level(run, level, t, error, tolerance * scale);
  }
  return NESS_OK;
}

ness_status ness_dpropagate(const ness_dpropagator *propagator, const double *y0, int64_t count,
                            const double *times, double tolerance, double *y,
                            ness_propagator_info *info) {
  const int64_t n = propagator->matrix.rows;
  if (count < 0 || !(tolerance > 0) || !isfinite(tolerance) || !isfinite(largest(n, y0))) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t k = 0; k < count; ++k) {
    if (!isfinite(times[k]) || !(times[k] >= (k > 0 ? times[k - 1] : 0))) {
      return NESS_ERR_ARGUMENT;
    }
  }
  const double interval = count > 0 ? times[count - 1] : 0, scale = largest(n, y0);
  int64_t outputs, doubles;
  if (!ness_product(n, count, &outputs) || !ness_product(n, 22, &doubles)) {
    return NESS_ERR_OVERFLOW;
  }
  if (interval == 0 || scale == 0) {
    for (int64_t k = 0; k < count; ++k) {
      memcpy(y + k * n, y0, (size_t)n * sizeof *y);
    }
    *info = (ness_propagator_info){0};
    return NESS_OK;
  }
  run run = {.propagator = propagator, .n = n, .interval = interval};
  ness_status status = NESS_ERR_MEMORY;
  const int64_t nonzeros = propagator->matrix.starts[n];
  double *block = ness_alloc(doubles, sizeof *block);
  double *out = ness_alloc(outputs, sizeof *out);
  run.shifted = ness_alloc(nonzeros, sizeof *run.shifted);
  if (block == NULL || out == NULL || run.shifted == NULL) {
    goto done;
  }
  double *rest = block;
  double **const singles[] = {&run.y, &run.slope, &run.u, &run.change, &run.w_real, &run.v_real};
  for (size_t k = 0; k < sizeof singles / sizeof *singles; ++k) {
    *singles[k] = rest;
    rest += n;
  }
  double **const doubled[] = {&run.w_pairs[0], &run.w_pairs[1], &run.v_pairs[0],
                              &run.v_pairs[1], &run.residual,   &run.correction};
  for (size_t k = 0; k < sizeof doubled / sizeof *doubled; ++k) {
    *doubled[k] = rest;
    rest += 2 * n;
  }
  run.scratch = rest; // four times n
  memcpy(run.y, y0, (size_t)n * sizeof *run.y);
  status = evolve(&run, count, times, tolerance, scale, out);
  if (status == NESS_OK) {
    memcpy(y, out, (size_t)outputs * sizeof *y);
    *info = run.info;
  }
done:
  for (int k = 0; k < KEPT; ++k) {
    release(&run.kept[k]);
  }
  ness_free(run.shifted);
  ness_free(out);
  ness_free(block);
  return status;
}
