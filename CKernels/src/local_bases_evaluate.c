// Total correlation of the diagonal in given local bases, and its slope.
//
// The slope of T with respect to a probability is g(s) = ln p(s) - sum_k ln p_k(s_k) up to a
// constant, which drops out because probabilities keep their sum.
//
// Columns: with C' = U^+ C and K_ab = sum g(s) conj(C'(s)) C'(s') over the entries whose digit k is
// a in s and b in s' and whose other digits agree, Z_k = 2 U_k K^T.
// Tensor: partial contractions are kept, and the slope runs back through them; the slope of the
// weights of a site gives a Hermitian matrix N^s for each measured vector u_s, and Z_k's column s
// is 2 N^s u_s.
#include "local_bases_private.h"

#include <float.h>
#include <math.h>
#include <string.h>

// Sizes of the partial contractions: stage k, after sites 0...k, k < sites - 1, has
// levels[0] ... levels[k] values times the pairs of the other sites.
static int64_t stage_size(const ness_local_bases *problem, int64_t stage) {
  int64_t size = problem->dimension * problem->dimension;
  for (int64_t k = 0; k <= stage; ++k) {
    size /= problem->levels[k];
  }
  return size;
}

ness_status ness_local_workspace_create(const ness_local_bases *problem,
                                        ness_local_workspace *workspace) {
  *workspace = (ness_local_workspace){0};
  int64_t marginals = 0, weights = 0, stages = 0, largest = 1;
  for (int64_t k = 0; k < problem->sites; ++k) {
    const int64_t n = problem->levels[k];
    marginals += n;
    weights += n * n * n;
    stages += k + 1 < problem->sites ? stage_size(problem, k) : 0;
    largest = n > largest ? n : largest;
  }
  bool complete = true;
#define ALLOCATE(field, count)                                                                     \
  complete = complete && (workspace->field = ness_alloc((count), sizeof *workspace->field)) != NULL
  ALLOCATE(probabilities, problem->dimension);
  ALLOCATE(slope, problem->dimension);
  ALLOCATE(marginals, marginals);
  if (problem->tensor != NULL) {
    ALLOCATE(stages, stages);
    ALLOCATE(back[0], stage_size(problem, 0));
    ALLOCATE(back[1], stage_size(problem, 0));
    ALLOCATE(weights, weights);
    ALLOCATE(weight_slope, largest * largest * largest);
  } else {
    ALLOCATE(state[0], problem->dimension * problem->rank);
    ALLOCATE(state[1], problem->dimension * problem->rank);
    ALLOCATE(overlap, largest * largest);
  }
#undef ALLOCATE
  if (!complete) {
    ness_local_workspace_destroy(workspace);
    return NESS_ERR_MEMORY;
  }
  return NESS_OK;
}

void ness_local_workspace_destroy(ness_local_workspace *workspace) {
  ness_free(workspace->probabilities);
  ness_free(workspace->slope);
  ness_free(workspace->marginals);
  ness_free(workspace->stages);
  ness_free(workspace->back[0]);
  ness_free(workspace->back[1]);
  ness_free(workspace->weights);
  ness_free(workspace->weight_slope);
  ness_free(workspace->state[0]);
  ness_free(workspace->state[1]);
  ness_free(workspace->overlap);
  *workspace = (ness_local_workspace){0};
}

// ln p, kept finite: p ln p is zero at p = 0, and rounding may leave p slightly negative.
static inline double logarithm(double p) {
  return log(p > DBL_MIN ? p : DBL_MIN);
}

// T of the probabilities in the workspace, and g.
static double total_correlation(const ness_local_bases *problem, ness_local_workspace *w) {
  const int64_t dimension = problem->dimension;
  double value = 0;
  for (int64_t s = 0; s < dimension; ++s) {
    w->slope[s] = logarithm(w->probabilities[s]);
    value += w->probabilities[s] * w->slope[s];
  }
  double *marginal = w->marginals;
  int64_t outer = 1, inner = dimension;
  for (int64_t k = 0; k < problem->sites; ++k) {
    const int64_t n = problem->levels[k];
    inner /= n;
    memset(marginal, 0, (size_t)n * sizeof *marginal);
    for (int64_t o = 0; o < outer; ++o) {
      for (int64_t d = 0; d < n; ++d) {
        for (int64_t i = 0; i < inner; ++i) {
          marginal[d] += w->probabilities[(o * n + d) * inner + i];
        }
      }
    }
    for (int64_t d = 0; d < n; ++d) {
      const double log_marginal = logarithm(marginal[d]);
      value -= marginal[d] * log_marginal;
      for (int64_t o = 0; o < outer; ++o) {
        for (int64_t i = 0; i < inner; ++i) {
          w->slope[(o * n + d) * inner + i] -= log_marginal;
        }
      }
    }
    marginal += n;
    outer *= n;
  }
  return value;
}

static double columns_correlation(const ness_local_bases *problem, ness_local_workspace *w,
                                  const ness_complex *bases, ness_complex *slope) {
  const int64_t dimension = problem->dimension, rank = problem->rank;
  const ness_complex *source = problem->columns;
  int64_t outer = 1, inner = dimension * rank, turn = 0;
  for (int64_t k = 0; k < problem->sites; ++k) {
    const int64_t n = problem->levels[k];
    inner /= n;
    ness_zmode_adjoint_product(outer, n, inner, bases + problem->offsets[k], source,
                               w->state[turn]);
    source = w->state[turn];
    turn = 1 - turn;
    outer *= n;
  }
  for (int64_t s = 0; s < dimension; ++s) {
    double sum = 0;
    for (int64_t c = 0; c < rank; ++c) {
      const ness_complex z = source[c + rank * s];
      sum += z.re * z.re + z.im * z.im;
    }
    w->probabilities[s] = sum;
  }
  const double value = total_correlation(problem, w);
  if (slope == NULL) {
    return value;
  }
  ness_complex *weighted = w->state[turn];
  for (int64_t s = 0; s < dimension; ++s) {
    for (int64_t c = rank * s; c < rank * (s + 1); ++c) {
      weighted[c] = (ness_complex){w->slope[s] * source[c].re, w->slope[s] * source[c].im};
    }
  }
  outer = 1;
  inner = dimension * rank;
  for (int64_t k = 0; k < problem->sites; ++k) {
    const int64_t n = problem->levels[k];
    inner /= n;
    ness_zmode_overlap(outer, n, inner, source, weighted, w->overlap);
    const ness_complex *u = bases + problem->offsets[k];
    ness_complex *z = slope + problem->offsets[k];
    for (int64_t s = 0; s < n; ++s) {
      for (int64_t i = 0; i < n; ++i) {
        ness_complex sum = {0, 0};
        for (int64_t a = 0; a < n; ++a) {
          const ness_complex x = u[i + n * a], y = w->overlap[s + n * a];
          sum.re += x.re * y.re - x.im * y.im;
          sum.im += x.re * y.im + x.im * y.re;
        }
        z[i + n * s] = (ness_complex){2 * sum.re, 2 * sum.im};
      }
    }
    outer *= n;
  }
  return value;
}

// Weights of one site: level s for pair a at s + n a.
static void fill_weights(int64_t n, const ness_complex *u, double *weights) {
  for (int64_t s = 0; s < n; ++s) {
    for (int64_t k = 0; k < n; ++k) {
      const ness_complex x = u[k + n * s];
      weights[s + n * (k * n + k)] = x.re * x.re + x.im * x.im;
      for (int64_t b = k + 1; b < n; ++b) {
        const ness_complex y = u[b + n * s];
        weights[s + n * (k * n + b)] = 2 * (x.re * y.re + x.im * y.im);
        weights[s + n * (b * n + k)] = 2 * (x.im * y.re - x.re * y.im);
      }
    }
  }
}

// Column s of Z from the slopes of the weights.
static void weights_to_slope(int64_t n, const ness_complex *u, const double *weight_slope,
                             ness_complex *z) {
  for (int64_t s = 0; s < n; ++s) {
    for (int64_t k = 0; k < n; ++k) {
      const double diagonal = weight_slope[s + n * (k * n + k)];
      ness_complex sum = {diagonal * u[k + n * s].re, diagonal * u[k + n * s].im};
      for (int64_t b = 0; b < n; ++b) {
        if (b == k) {
          continue;
        }
        const int64_t low = k < b ? k : b, high = k < b ? b : k;
        const double re = weight_slope[s + n * (low * n + high)];
        const double im = weight_slope[s + n * (high * n + low)] * (k < b ? 1 : -1);
        const ness_complex y = u[b + n * s];
        sum.re += re * y.re - im * y.im;
        sum.im += re * y.im + im * y.re;
      }
      z[k + n * s] = (ness_complex){2 * sum.re, 2 * sum.im};
    }
  }
}

static double tensor_correlation(const ness_local_bases *problem, ness_local_workspace *w,
                                 const ness_complex *bases, ness_complex *slope) {
  const int64_t sites = problem->sites;
  const double *source = problem->tensor;
  double *stage = w->stages, *weights = w->weights;
  int64_t outer = 1, inner = problem->dimension * problem->dimension;
  for (int64_t k = 0; k < sites; ++k) {
    const int64_t n = problem->levels[k];
    inner /= n * n;
    fill_weights(n, bases + problem->offsets[k], weights);
    double *target = k + 1 < sites ? stage : w->probabilities;
    ness_dmode_product(outer, n * n, n, inner, weights, 1, n, source, target);
    source = target;
    outer *= n;
    stage += outer * inner;
    weights += n * n * n;
  }
  const double value = total_correlation(problem, w);
  if (slope == NULL) {
    return value;
  }
  // Stages were laid out one after the other; walk back over them.
  stage -= problem->dimension;
  const double *back = w->slope;
  int64_t turn = 0;
  for (int64_t k = sites - 1; k >= 0; --k) {
    const int64_t n = problem->levels[k];
    outer /= n;
    weights -= n * n * n;
    const double *from = problem->tensor;
    if (k > 0) {
      stage -= outer * n * n * inner;
      from = stage;
    }
    ness_dmode_overlap(outer, n * n, n, inner, from, back, w->weight_slope);
    weights_to_slope(n, bases + problem->offsets[k], w->weight_slope, slope + problem->offsets[k]);
    if (k > 0) {
      ness_dmode_product(outer, n, n * n, inner, weights, n, 1, back, w->back[turn]);
      back = w->back[turn];
      turn = 1 - turn;
    }
    inner *= n * n;
  }
  return value;
}

double ness_local_correlation(const ness_local_bases *problem, ness_local_workspace *workspace,
                              const ness_complex *bases, ness_complex *slope) {
  return problem->tensor != NULL ? tensor_correlation(problem, workspace, bases, slope)
                                 : columns_correlation(problem, workspace, bases, slope);
}
