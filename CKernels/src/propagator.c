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

#include "propagator_private.h"

#include "ness_internal.h"
#include "ness_sparse.h"
#include "residual.h"

#include <string.h>

// out (+)= scale times the partial fractions of `weights` with the solves of x.
static void combine(const ness_evolution *run, const ness_pade_weights *weights, double scale,
                    const double *x, const double *real, double *const *pairs, bool add,
                    double *restrict out) {
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
static double share(const ness_evolution *run, double t, double h) {
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
static int first_level(ness_evolution *run, double tolerance) {
  double logarithm = log(safety * fabs(run->propagator->pade.error_constant));
  memcpy(run->u, run->y, (size_t)run->n * sizeof *run->u);
  for (int power = 0; power < 10; ++power) {
    ness_dcsc_apply(&run->propagator->matrix, false, run->u, run->change);
    const double size = ness_largest(run->n, run->change);
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
    const double h = ness_step_size(run, level);
    if (logarithm + 10 * log(h) <= log(tolerance * share(run, 0, h))) {
      break;
    }
    ++level;
  }
  return level;
}

// Larger steps pay off when the solves they save outweigh new factors; those run about eight times
// as many operations per second because they work on dense blocks.
static int next_level(const ness_evolution *run, int level, double t, double error,
                      double tolerance) {
  const double remaining = run->interval - t, steps = ceil(remaining / ness_step_size(run, level));
  int best = level;
  for (int grown = level - 1; grown >= 0 && ness_step_size(run, grown + 1) < remaining; --grown) {
    const double allowed = tolerance * share(run, t, ness_step_size(run, grown));
    if (level_change(error, allowed) < level - grown) {
      break;
    }
    const double saved = steps - ceil(remaining / ness_step_size(run, grown));
    bool known = false;
    for (int k = 0; k < NESS_SHIFTS_KEPT; ++k) {
      known = known || (run->kept[k].made && run->kept[k].level == grown);
    }
    if (known || saved * run->step_flops > run->factor_flops / 8) {
      best = grown;
    }
  }
  return best;
}

static ness_status evolve(ness_evolution *run, int64_t count, const double *times, double tolerance,
                          double scale, double *out) {
  const ness_pade *pade = &run->propagator->pade;
  int level = first_level(run, tolerance * scale);
  double t = 0;
  for (int64_t next = 0; next < count;) {
    if (times[next] == 0) {
      memcpy(out + next++ * run->n, run->y, (size_t)run->n * sizeof *out);
      continue;
    }
    const double h = ness_step_size(run, level);
    if (!(t + h > t)) {
      return NESS_ERR_CONVERGENCE;
    }
    ness_status status = ness_evolution_use_level(run, level);
    if (status != NESS_OK) {
      return status;
    }
    // The slope A y is the residual 0 - (0 - A) y.
    memset(run->correction, 0, (size_t)run->n * sizeof *run->correction);
    ness_dshift_residual(&run->propagator->matrix, 0, run->correction, run->y, run->slope,
                         run->scratch);
    status = ness_evolution_solve(run, run->slope, run->w_real, run->w_pairs);
    if (status != NESS_OK) {
      return status;
    }
    combine(run, &pade->fourth, 1, run->slope, run->w_real, run->w_pairs, false, run->u);
    status = ness_evolution_solve(run, run->u, run->v_real, run->v_pairs);
    if (status != NESS_OK) {
      return status;
    }
    // The second level solved with p/h - A; one over h makes that (p - hA)^-1.
    ness_pade_weights fifth = pade->fifth;
    fifth.constant *= h;
    combine(run, &fifth, pade->error_constant / h, run->u, run->v_real, run->v_pairs, false,
            run->change);
    const double error = safety * ness_largest(run->n, run->change);
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
  if (count < 0 || !(tolerance > 0) || !isfinite(tolerance) || !isfinite(ness_largest(n, y0))) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t k = 0; k < count; ++k) {
    if (!isfinite(times[k]) || !(times[k] >= (k > 0 ? times[k - 1] : 0))) {
      return NESS_ERR_ARGUMENT;
    }
  }
  const double interval = count > 0 ? times[count - 1] : 0, scale = ness_largest(n, y0);
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
  ness_evolution run = {.propagator = propagator, .n = n, .interval = interval};
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
  ness_evolution_release(&run);
  ness_free(run.shifted);
  ness_free(out);
  ness_free(block);
  return status;
}
