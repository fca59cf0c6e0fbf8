// Lowest eigenpairs of sparse Hermitian matrices with ARPACK's reverse communication.
//
// The library restarts a Krylov basis of `subspace` vectors implicitly (Sorensen 1992) and asks for
// products. Real symmetric matrices take its Lanczos routines. It has none for Hermitian matrices:
// they take the Arnoldi routines for general complex ones, whose work differs little, since both
// orthogonalize against the whole basis.
//
// Products gather columns, which for a Hermitian matrix are its conjugated rows: every result is
// written once, and in an order of summation that is always the same.

#include "arpack.h"
#include "dense_private.h"
#include "ness_lanczos.h"
#include "ness_sparse.h"

#include <string.h>

// One problem in either scalar: `width` doubles per number.
typedef struct problem {
  int64_t width;
  int64_t order;
  const ness_dcsc *real;
  const ness_zcsc *complex;
  const double *deflated;
  double shift;
} problem;

// Working storage of one iteration; sizes in numbers, not in doubles.
typedef struct workspace {
  double *residual; // order; the start vector
  double *basis;    // order x subspace
  double *product;  // 3 order
  double *small;    // `small_length`, for the projected matrix
  double *values;   // subspace + 1
  double *extra;    // 2 subspace, complex only
  double *real;     // subspace, complex only
  int *select;      // subspace
  int small_length;
  size_t bytes;
} workspace;

// Components in [-1, 1), in the order of SplitMix64.
static void fill_random(uint64_t seed, int64_t count, double *x) {
  for (int64_t k = 0; k < count; ++k) {
    seed += NESS_SPLITMIX_INCREMENT;
    x[k] = (double)(ness_splitmix(seed) >> 11) * 0x1p-52 - 1;
  }
}

// y = a x + shift u <u|x>; false when something is no longer finite.
static bool apply(const problem *p, const double *restrict x, double *restrict y) {
  const double *restrict u = p->deflated;
  if (p->width == 1) {
    ness_dcsc_apply(p->real, true, x, y);
  } else {
    ness_zcsc_apply(p->complex, true, (const ness_complex *)x, (ness_complex *)y);
  }
  if (u != NULL) {
    double re = 0, im = 0;
    if (p->width == 1) {
      for (int64_t k = 0; k < p->order; ++k) {
        re += u[k] * x[k];
      }
      re *= p->shift;
      for (int64_t k = 0; k < p->order; ++k) {
        y[k] += re * u[k];
      }
    } else {
      for (int64_t k = 0; k < 2 * p->order; k += 2) {
        re += u[k] * x[k] + u[k + 1] * x[k + 1];
        im += u[k] * x[k + 1] - u[k + 1] * x[k];
      }
      re *= p->shift;
      im *= p->shift;
      for (int64_t k = 0; k < 2 * p->order; k += 2) {
        y[k] += re * u[k] - im * u[k + 1];
        y[k + 1] += re * u[k + 1] + im * u[k];
      }
    }
  }
  return ness_all_finite(p->width * p->order, y);
}

static void release(workspace *w) {
  ness_free(w->select);
  ness_free(w->real);
  ness_free(w->extra);
  ness_free(w->values);
  ness_free(w->small);
  ness_free(w->product);
  ness_free(w->basis);
  ness_free(w->residual);
}

static ness_status reserve(const problem *p, int64_t subspace, workspace *w) {
  const bool is_complex = p->width == 2;
  const size_t size = (size_t)p->width * sizeof(double);
  int64_t basis, square;
  if (!ness_product(p->order, subspace, &basis) || !ness_product(subspace, subspace, &square) ||
      square > INT_MAX / 4) {
    return NESS_ERR_OVERFLOW;
  }
  // Lengths that the library asks for: n (n + 8), and 3 n^2 + 5 n in complex arithmetic.
  w->small_length = (int)(is_complex ? 3 * square + 5 * subspace : square + 8 * subspace);
  w->residual = ness_alloc(p->order, size);
  w->basis = ness_lapack_matrix(p->order, subspace, size);
  w->product = ness_alloc(3 * p->order, size);
  w->small = ness_alloc(w->small_length, size);
  w->values = ness_alloc(subspace + 1, size);
  w->extra = ness_alloc(is_complex ? 2 * subspace : 0, size);
  w->real = ness_alloc(is_complex ? subspace : 0, sizeof *w->real);
  w->select = ness_calloc(subspace, sizeof *w->select);
  w->bytes = (size_t)(basis + 5 * p->order + w->small_length) * size;
  return w->residual != NULL && w->basis != NULL && w->product != NULL && w->small != NULL &&
                 w->values != NULL && w->extra != NULL && w->real != NULL && w->select != NULL
             ? NESS_OK
             : NESS_ERR_MEMORY;
}

// Meaning of what an ARPACK driver reports.
static ness_status driver_status(int info) {
  // 1: restarts exhausted, 3: no shifts could be applied, -8: small eigenproblem failed.
  return info == 0                              ? NESS_OK
         : info == 1 || info == 3 || info == -8 ? NESS_ERR_CONVERGENCE
                                                : NESS_ERR_LIBRARY;
}

// Multiplies a vector by the phase that makes its component of largest modulus positive.
static void fix_phase(int64_t width, int64_t order, double *x) {
  int64_t largest = 0;
  double best = -1;
  for (int64_t k = 0; k < order; ++k) {
    const double re = x[width * k], im = width == 2 ? x[2 * k + 1] : 0;
    if (re * re + im * im > best) {
      best = re * re + im * im;
      largest = k;
    }
  }
  const double length = sqrt(best);
  const double c = length > 0 ? x[width * largest] / length : 1;
  const double s = length > 0 && width == 2 ? -x[2 * largest + 1] / length : 0;
  for (int64_t k = 0; k < order; ++k) {
    const double re = x[width * k], im = width == 2 ? x[2 * k + 1] : 0;
    x[width * k] = re * c - im * s;
    if (width == 2) {
      x[2 * k + 1] = re * s + im * c;
    }
  }
}

// Copies `wanted` eigenpairs in ascending order of the eigenvalues.
static void collect(const problem *p, int64_t wanted, const workspace *w, double *values,
                    double *vectors) {
  int *taken = w->select; // The library is done with it.
  memset(taken, 0, (size_t)wanted * sizeof *taken);
  const int64_t length = p->width * p->order;
  for (int64_t k = 0; k < wanted; ++k) {
    int64_t lowest = -1;
    for (int64_t i = 0; i < wanted; ++i) {
      if (taken[i] == 0 && (lowest < 0 || w->values[p->width * i] < w->values[p->width * lowest])) {
        lowest = i;
      }
    }
    taken[lowest] = 1;
    values[k] = w->values[p->width * lowest];
    memcpy(vectors + k * length, w->basis + lowest * length, (size_t)length * sizeof *vectors);
    fix_phase(p->width, p->order, vectors + k * length);
  }
}

// The iteration proper and the eigenvectors, which the library writes over the basis.
static ness_status iterate(const problem *p, const ness_lanczos_options *options, workspace *w,
                           ness_lanczos_info *found) {
  const bool is_complex = p->width == 2;
  const int order = (int)p->order, wanted = (int)options->wanted;
  const int subspace = (int)options->subspace, vectors = 1;
  // Exact shifts, largest number of restarts, block size one, standard problem.
  int parameters[11] = {1, 0, (int)options->restarts, 1, 0, 0, 1, 0, 0, 0, 0};
  int positions[14] = {0};
  // A start vector of our own, because the library's would depend on what ran before.
  int task = 0, info = 1;
  fill_random(options->seed, p->width * p->order, w->residual);
  for (;;) {
    if (is_complex) {
      znaupd_(&task, "I", &order, "SR", &wanted, &options->tolerance, (ness_complex *)w->residual,
              &subspace, (ness_complex *)w->basis, &order, parameters, positions,
              (ness_complex *)w->product, (ness_complex *)w->small, &w->small_length, w->real,
              &info, 1, 2);
    } else {
      dsaupd_(&task, "I", &order, "SA", &wanted, &options->tolerance, w->residual, &subspace,
              w->basis, &order, parameters, positions, w->product, w->small, &w->small_length,
              &info, 1, 2);
    }
    if (task != 1 && task != -1) {
      break;
    }
    found->products += 1;
    if (!apply(p, w->product + p->width * (positions[0] - 1),
               w->product + p->width * (positions[1] - 1))) {
      return NESS_ERR_NOT_FINITE;
    }
  }
  found->restarts = parameters[2];
  if (info != 0) {
    return driver_status(info);
  }
  if (is_complex) {
    const ness_complex sigma = {0, 0};
    zneupd_(&vectors, "A", w->select, (ness_complex *)w->values, (ness_complex *)w->basis, &order,
            &sigma, (ness_complex *)w->extra, "I", &order, "SR", &wanted, &options->tolerance,
            (ness_complex *)w->residual, &subspace, (ness_complex *)w->basis, &order, parameters,
            positions, (ness_complex *)w->product, (ness_complex *)w->small, &w->small_length,
            w->real, &info, 1, 1, 2);
  } else {
    const double sigma = 0;
    dseupd_(&vectors, "A", w->select, w->values, w->basis, &order, &sigma, "I", &order, "SA",
            &wanted, &options->tolerance, w->residual, &subspace, w->basis, &order, parameters,
            positions, w->product, w->small, &w->small_length, &info, 1, 1, 2);
  }
  if (info != 0) {
    return driver_status(info);
  }
  return parameters[4] >= wanted ? NESS_OK : NESS_ERR_CONVERGENCE;
}

static ness_status lowest(const problem *p, const ness_lanczos_options *options, double *values,
                          double *vectors, ness_lanczos_info *info) {
  if (options->wanted < 1 || options->subspace - 2 < options->wanted ||
      options->subspace > p->order || options->restarts < 1 || !(options->tolerance >= 0) ||
      !isfinite(p->shift)) {
    return NESS_ERR_ARGUMENT;
  }
  if (p->deflated != NULL && !ness_all_finite(p->width * p->order, p->deflated)) {
    return NESS_ERR_ARGUMENT;
  }
  if (p->order > INT_MAX / 6 || options->restarts > INT_MAX) {
    return NESS_ERR_OVERFLOW;
  }
  workspace w = {0};
  ness_lanczos_info found = {0, 0, 0};
  ness_status status = reserve(p, options->subspace, &w);
  if (status == NESS_OK) {
    status = iterate(p, options, &w, &found);
  }
  if (status == NESS_OK) {
    collect(p, options->wanted, &w, values, vectors);
    found.bytes = w.bytes;
    *info = found;
  }
  release(&w);
  return status;
}

ness_status ness_dlanczos(const ness_dcsc *matrix, const double *u, double shift,
                          const ness_lanczos_options *options, double *values, double *vectors,
                          ness_lanczos_info *info) {
  const ness_status status = ness_dcsc_check(matrix);
  if (status != NESS_OK || matrix->rows != matrix->columns) {
    return status != NESS_OK ? status : NESS_ERR_ARGUMENT;
  }
  const problem p = {1, matrix->rows, matrix, NULL, u, shift};
  return lowest(&p, options, values, vectors, info);
}

ness_status ness_zlanczos(const ness_zcsc *matrix, const ness_complex *u, double shift,
                          const ness_lanczos_options *options, double *values,
                          ness_complex *vectors, ness_lanczos_info *info) {
  const ness_status status = ness_zcsc_check(matrix);
  if (status != NESS_OK || matrix->rows != matrix->columns) {
    return status != NESS_OK ? status : NESS_ERR_ARGUMENT;
  }
  const problem p = {2, matrix->rows, NULL, matrix, (const double *)u, shift};
  return lowest(&p, options, values, (double *)vectors, info);
}
