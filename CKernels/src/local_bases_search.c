// Angles on top of the evaluation, and the ascent over them.
//
// Angles are measured from a starting basis, and the ascent restarts with zero angles at the bases
// it reached: the map from angles to bases is well conditioned near zero only.
#if !__has_include(<nlopt.h>)
#error "nlopt.h is missing: install libnlopt-dev"
#endif

#include "local_bases_private.h"

#include <limits.h>
#include <math.h>
#include <nlopt.h>
#include <string.h>

enum { ROUNDS = 8, HISTORY = 24, EVALUATIONS = 2000 };

// One problem with starting bases, and everything an evaluation needs.
typedef struct context {
  const ness_local_bases *problem;
  const int64_t *groups;
  bool diagonal;
  int64_t group_count, angle_count;
  ness_complex *start;         // Where the angles are zero.
  ness_complex *moved, *slope; // Bases and slopes of the current angles.
  int64_t *first;              // A site of every group.
  int64_t *angle_offsets;      // Where the angles of every group start.
  ness_complex *collected;     // U^+ Z summed over a group, levels^2.
  ness_complex *product;       // levels^2
  ness_unitary unitary;
  ness_local_workspace workspace;
  int64_t evaluations;
  ness_status status;
} context;

static void destroy(context *c) {
  ness_free(c->start);
  ness_free(c->moved);
  ness_free(c->slope);
  ness_free(c->first);
  ness_free(c->angle_offsets);
  ness_free(c->collected);
  ness_free(c->product);
  ness_unitary_destroy(&c->unitary);
  ness_local_workspace_destroy(&c->workspace);
}

// Numbers the groups; false when there are gaps or a group has sites with different levels.
static bool find_groups(context *c) {
  const int64_t sites = c->problem->sites;
  for (int64_t g = 0; g < sites; ++g) {
    c->first[g] = -1;
  }
  for (int64_t k = 0; k < sites; ++k) {
    const int64_t g = c->groups[k];
    if (g < 0 || g >= sites) {
      return false;
    }
    if (c->first[g] < 0) {
      c->first[g] = k;
    } else if (c->problem->levels[k] != c->problem->levels[c->first[g]]) {
      return false;
    }
    c->group_count = g >= c->group_count ? g + 1 : c->group_count;
  }
  c->angle_offsets[0] = 0;
  for (int64_t g = 0; g < c->group_count; ++g) {
    if (c->first[g] < 0) {
      return false;
    }
    const int64_t n = c->problem->levels[c->first[g]];
    c->angle_offsets[g + 1] = c->angle_offsets[g] + ness_angle_count(n, c->diagonal);
  }
  c->angle_count = c->angle_offsets[c->group_count];
  return true;
}

static ness_status create(const ness_local_bases *problem, const int64_t *groups,
                          const ness_complex *start, bool diagonal, context *c) {
  *c = (context){.problem = problem, .groups = groups, .diagonal = diagonal};
  const int64_t total = problem->offsets[problem->sites];
  int64_t largest = 1;
  for (int64_t k = 0; k < problem->sites; ++k) {
    largest = problem->levels[k] > largest ? problem->levels[k] : largest;
  }
  c->start = ness_alloc(total, sizeof *c->start);
  c->moved = ness_alloc(total, sizeof *c->moved);
  c->slope = ness_alloc(total, sizeof *c->slope);
  c->first = ness_alloc(problem->sites, sizeof *c->first);
  c->angle_offsets = ness_alloc(problem->sites + 1, sizeof *c->angle_offsets);
  c->collected = ness_alloc(largest * largest, sizeof *c->collected);
  c->product = ness_alloc(largest * largest, sizeof *c->product);
  if (c->start == NULL || c->moved == NULL || c->slope == NULL || c->first == NULL ||
      c->angle_offsets == NULL || c->collected == NULL || c->product == NULL) {
    return NESS_ERR_MEMORY;
  }
  if (!find_groups(c)) {
    return NESS_ERR_ARGUMENT;
  }
  memcpy(c->start, start, (size_t)total * sizeof *c->start);
  const ness_status status = ness_unitary_create(largest, &c->unitary);
  return status == NESS_OK ? ness_local_workspace_create(problem, &c->workspace) : status;
}

static ness_status evaluate(context *c, const double *angles, double *value, double *gradient) {
  const ness_local_bases *problem = c->problem;
  ++c->evaluations;
  for (int64_t g = 0; g < c->group_count; ++g) {
    const int64_t n = problem->levels[c->first[g]];
    const ness_status status =
        ness_unitary_exponential(n, c->diagonal, angles + c->angle_offsets[g], &c->unitary);
    if (status != NESS_OK) {
      return status;
    }
    for (int64_t k = c->first[g]; k < problem->sites; ++k) {
      if (c->groups[k] == g) {
        ness_small_multiply(n, false, c->start + problem->offsets[k], c->unitary.exponential,
                            c->moved + problem->offsets[k]);
      }
    }
  }
  *value =
      ness_local_correlation(problem, &c->workspace, c->moved, gradient == NULL ? NULL : c->slope);
  if (gradient == NULL) {
    return NESS_OK;
  }
  for (int64_t g = 0; g < c->group_count; ++g) {
    const int64_t n = problem->levels[c->first[g]];
    const double *x = angles + c->angle_offsets[g];
    memset(c->collected, 0, (size_t)(n * n) * sizeof *c->collected);
    for (int64_t k = c->first[g]; k < problem->sites; ++k) {
      if (c->groups[k] != g) {
        continue;
      }
      ness_small_multiply(n, true, c->start + problem->offsets[k], c->slope + problem->offsets[k],
                          c->product);
      for (int64_t j = 0; j < n * n; ++j) {
        c->collected[j].re += c->product[j].re;
        c->collected[j].im += c->product[j].im;
      }
    }
    // Again, for the eigenvectors: one buffer serves all groups.
    const ness_status status = ness_unitary_exponential(n, c->diagonal, x, &c->unitary);
    if (status != NESS_OK) {
      return status;
    }
    ness_unitary_gradient(n, c->diagonal, c->collected, &c->unitary,
                          gradient + c->angle_offsets[g]);
  }
  return NESS_OK;
}

ness_status ness_local_bases_evaluate(const ness_local_bases *problem, const int64_t *groups,
                                      const ness_complex *start, bool diagonal,
                                      const double *angles, double *value, double *gradient) {
  context c;
  double found;
  ness_status status = create(problem, groups, start, diagonal, &c);
  double *slopes = NULL;
  if (status == NESS_OK && gradient != NULL) {
    slopes = ness_alloc(c.angle_count, sizeof *slopes);
    status = slopes == NULL ? NESS_ERR_MEMORY : NESS_OK;
  }
  if (status == NESS_OK) {
    status = evaluate(&c, angles, &found, slopes);
  }
  if (status == NESS_OK) {
    *value = found;
    if (gradient != NULL) {
      memcpy(gradient, slopes, (size_t)c.angle_count * sizeof *gradient);
    }
  }
  ness_free(slopes);
  destroy(&c);
  return status;
}

// NLopt maximizes this. A failure is kept for afterwards, and stops the ascent.
static double objective(unsigned count, const double *angles, double *gradient, void *data) {
  context *c = data;
  (void)count;
  double value = 0;
  if (c->status == NESS_OK) {
    c->status = evaluate(c, angles, &value, gradient);
  }
  return c->status == NESS_OK ? value : NAN;
}

static double norm(int64_t count, const double *x) {
  double sum = 0;
  for (int64_t k = 0; k < count; ++k) {
    sum += x[k] * x[k];
  }
  return sqrt(sum);
}

// One ascent; `angles` come in as zeros and leave as the best ones.
static ness_status ascend(context *c, double *angles) {
  nlopt_opt optimizer = nlopt_create(NLOPT_LD_LBFGS, (unsigned)c->angle_count);
  if (optimizer == NULL) {
    return NESS_ERR_MEMORY;
  }
  // Without a limit on its history NLopt takes ten megabytes for it. Its own tests end an ascent
  // when neither value nor angles change beyond rounding.
  nlopt_result result = nlopt_set_max_objective(optimizer, objective, c);
  if (result == NLOPT_SUCCESS) {
    result = nlopt_set_vector_storage(optimizer, HISTORY);
  }
  if (result == NLOPT_SUCCESS) {
    result = nlopt_set_maxeval(optimizer, EVALUATIONS);
  }
  if (result == NLOPT_SUCCESS) {
    result = nlopt_set_ftol_rel(optimizer, 1e-15);
  }
  double value;
  if (result == NLOPT_SUCCESS) {
    result = nlopt_optimize(optimizer, angles, &value);
  }
  nlopt_destroy(optimizer);
  if (c->status != NESS_OK) {
    return c->status;
  }
  // A line search that rounding defeats is reported as a general failure; the gradient judges.
  const bool usable = result > 0 || result == NLOPT_FAILURE || result == NLOPT_ROUNDOFF_LIMITED;
  return usable ? NESS_OK : result == NLOPT_OUT_OF_MEMORY ? NESS_ERR_MEMORY : NESS_ERR_LIBRARY;
}

ness_status ness_local_bases_maximize(const ness_local_bases *problem, const int64_t *groups,
                                      const ness_complex *start, double tolerance,
                                      ness_complex *bases, ness_local_bases_result *result) {
  context c;
  double *angles = NULL, *gradient = NULL;
  double value = 0, slope = 0;
  ness_status status = create(problem, groups, start, false, &c);
  if (status == NESS_OK && (c.angle_count > INT_MAX || !(tolerance >= 0))) {
    status = NESS_ERR_ARGUMENT;
  }
  if (status != NESS_OK) {
    goto done;
  }
  angles = ness_alloc(c.angle_count, sizeof *angles);
  gradient = ness_alloc(c.angle_count, sizeof *gradient);
  if (angles == NULL || gradient == NULL) {
    status = NESS_ERR_MEMORY;
    goto done;
  }
  const size_t bytes = (size_t)problem->offsets[problem->sites] * sizeof *c.start;
  double previous = -INFINITY;
  for (int64_t round = 0; status == NESS_OK; ++round) {
    memset(angles, 0, (size_t)c.angle_count * sizeof *angles);
    status = evaluate(&c, angles, &value, gradient);
    slope = norm(c.angle_count, gradient);
    const bool stalled = round > 1 && value - previous <= 1e-15;
    if (status != NESS_OK || slope <= tolerance || stalled || round == ROUNDS) {
      break;
    }
    previous = value;
    status = ascend(&c, angles);
    if (status == NESS_OK) {
      // The bases of the best angles, which the last evaluation need not have seen.
      status = evaluate(&c, angles, &value, NULL);
      if (value >= previous) {
        memcpy(c.start, c.moved, bytes);
      }
    }
  }
  if (status == NESS_OK) {
    memcpy(bases, c.start, bytes);
    *result = (ness_local_bases_result){value, slope, c.evaluations};
  }
done:
  ness_free(angles);
  ness_free(gradient);
  destroy(&c);
  return status;
}
