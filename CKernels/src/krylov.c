// Generalized minimal residual method (Y. Saad and M. H. Schultz, SIAM J. Sci. Stat. Comput. 7
// (1986) 856) with classical Gram-Schmidt done twice, which keeps the basis orthogonal to rounding
// (L. Giraud et al., Numer. Math. 101 (2005) 87) and reads long vectors in blocks. The second
// products are taken while a chunk with the first projections taken off is still in the cache;
// where they show that nothing but rounding is left, as is usual, the basis is not read a third
// time.

#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "ness_krylov.h"

#include "ness_internal.h"

#include <cblas.h>
#include <limits.h>
#include <math.h>
#include <string.h>

// Components per task: a hundred vectors of them stay within a second-level cache.
enum { CHUNK = 1024 };

// Second projections below this fraction of a vector are left in it.
static const double settled_level = 1e-13;

struct ness_krylov {
  int64_t order, steps, tasks, size;
  double *basis;        // order x (steps + 1)
  double *partials;     // (steps + 2) x tasks
  double *products;     // steps + 2: sums of the partials
  double *column;       // steps + 2: column of the Hessenberg matrix under construction
  double *triangle;     // steps x steps: upper triangle after the rotations
  double *rotations;    // 2 x steps: cosine and sine
  double *right;        // steps + 1: rotated right-hand side
  double *coefficients; // steps
  double before;        // norm of the candidate before orthogonalization
  double after;         // the same once the first projections were taken off
  bool settled;         // whether the second ones need not be taken off
  double factor;        // what SCALE multiplies with
};

static bool lengths(int64_t order, int64_t steps, int64_t *tasks, int64_t *basis, int64_t *partials,
                    int64_t *triangle) {
  if (order < 1 || steps < 1 || steps >= INT_MAX - 2) {
    return false;
  }
  *tasks = (order - 1) / CHUNK + 1;
  return ness_product(order, steps + 1, basis) && ness_product(*tasks, steps + 2, partials) &&
         ness_product(steps, steps, triangle);
}

int64_t ness_krylov_bytes(int64_t order, int64_t steps) {
  int64_t tasks, basis, partials, triangle, bytes;
  if (!lengths(order, steps, &tasks, &basis, &partials, &triangle) ||
      __builtin_add_overflow(basis, partials, &bytes) ||
      __builtin_add_overflow(bytes, triangle, &bytes) ||
      __builtin_add_overflow(bytes, 7 * steps + 8, &bytes) || !ness_product(bytes, 8, &bytes)) {
    return INT64_MAX;
  }
  return bytes;
}

ness_status ness_krylov_create(int64_t order, int64_t steps, ness_krylov **out) {
  *out = NULL;
  int64_t tasks, basis, partials, triangle;
  if (order < 1 || steps < 1) {
    return NESS_ERR_ARGUMENT;
  }
  // Leading dimensions are 32-bit integers in BLAS.
  if (!lengths(order, steps, &tasks, &basis, &partials, &triangle) || order > INT_MAX) {
    return NESS_ERR_OVERFLOW;
  }
  ness_krylov *k = ness_calloc(1, sizeof *k);
  if (k == NULL) {
    return NESS_ERR_MEMORY;
  }
  *k = (ness_krylov){.order = order, .steps = steps, .tasks = tasks};
  k->basis = ness_alloc(basis, sizeof *k->basis);
  k->partials = ness_alloc(partials, sizeof *k->partials);
  k->products = ness_calloc(steps + 2, sizeof *k->products);
  k->column = ness_calloc(steps + 2, sizeof *k->column);
  k->triangle = ness_calloc(triangle, sizeof *k->triangle);
  k->rotations = ness_calloc(2 * steps, sizeof *k->rotations);
  k->right = ness_calloc(steps + 1, sizeof *k->right);
  k->coefficients = ness_calloc(steps, sizeof *k->coefficients);
  if (k->basis == NULL || k->partials == NULL || k->products == NULL || k->column == NULL ||
      k->triangle == NULL || k->rotations == NULL || k->right == NULL || k->coefficients == NULL) {
    ness_krylov_destroy(k);
    return NESS_ERR_MEMORY;
  }
  *out = k;
  return NESS_OK;
}

void ness_krylov_destroy(ness_krylov *k) {
  if (k == NULL) {
    return;
  }
  ness_free(k->coefficients);
  ness_free(k->right);
  ness_free(k->rotations);
  ness_free(k->triangle);
  ness_free(k->column);
  ness_free(k->products);
  ness_free(k->partials);
  ness_free(k->basis);
  ness_free(k);
}

double *ness_krylov_vector(ness_krylov *k, int64_t index) {
  return k->basis + index * k->order;
}

int64_t ness_krylov_tasks(const ness_krylov *k) {
  return k->tasks;
}

int64_t ness_krylov_size(const ness_krylov *k) {
  return k->size;
}

double ness_krylov_residual(const ness_krylov *k) {
  return k->size > 0 ? fabs(k->right[k->size - 1]) : fabs(k->right[0]);
}

// Products of a vector with the basis, and with itself.
static void project(int rows, int columns, const double *basis, int order, const double *w,
                    double *partial) {
  cblas_dgemv(CblasColMajor, CblasTrans, rows, columns, 1, basis, order, w, 1, 0, partial, 1);
  partial[columns] = cblas_ddot(rows, w, 1, w, 1);
}

ness_status ness_krylov_run(ness_krylov *k, ness_krylov_phase phase, int64_t task, double *x) {
  if (task < 0 || task >= k->tasks || (phase == NESS_KRYLOV_COMBINE && x == NULL) ||
      (phase != NESS_KRYLOV_COMBINE && phase != NESS_KRYLOV_MEASURE && k->size > k->steps)) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t first = task * CHUNK;
  const int rows = (int)(k->order - first < CHUNK ? k->order - first : CHUNK);
  const int order = (int)k->order;
  const int columns = (int)(phase == NESS_KRYLOV_COMBINE ? k->size - 1 : k->size);
  const double *basis = k->basis + first;
  // A full basis has no candidate; the phases that remain then do not read it.
  double *w = k->basis + (k->size <= k->steps ? k->size : 0) * k->order + first;
  double *partial = k->partials + task * (k->steps + 2);
  switch (phase) {
  case NESS_KRYLOV_CORRECT:
  case NESS_KRYLOV_CLEAN:
    if (phase == NESS_KRYLOV_CLEAN && k->settled) {
      break;
    }
    cblas_dgemv(CblasColMajor, CblasNoTrans, rows, columns, -1, basis, order, k->products, 1, 1, w,
                1);
    if (phase == NESS_KRYLOV_CLEAN) {
      partial[0] = cblas_ddot(rows, w, 1, w, 1);
      break;
    }
    project(rows, columns, basis, order, w, partial);
    break;
  case NESS_KRYLOV_PROJECT:
    project(rows, columns, basis, order, w, partial);
    break;
  case NESS_KRYLOV_MEASURE:
    partial[0] = cblas_ddot(rows, k->basis + first, 1, k->basis + first, 1);
    break;
  case NESS_KRYLOV_SCALE:
    cblas_dscal(rows, k->factor, w, 1);
    break;
  case NESS_KRYLOV_COMBINE:
    if (columns > 0) {
      cblas_dgemv(CblasColMajor, CblasNoTrans, rows, columns, 1, basis, order, k->coefficients, 1,
                  1, x + first, 1);
    }
    break;
  default:
    return NESS_ERR_ARGUMENT;
  }
  return NESS_OK;
}

// Applies the earlier rotations to the new column, adds one that makes it triangular.
static void rotate(ness_krylov *k, double norm) {
  const int64_t s = k->size - 1;
  double *h = k->column, *rotations = k->rotations;
  h[s + 1] = norm;
  for (int64_t i = 0; i < s; ++i) {
    const double c = rotations[2 * i], d = rotations[2 * i + 1];
    const double upper = c * h[i] + d * h[i + 1];
    h[i + 1] = c * h[i + 1] - d * h[i];
    h[i] = upper;
  }
  const double length = hypot(h[s], norm);
  const double c = length > 0 ? h[s] / length : 1, d = length > 0 ? norm / length : 0;
  rotations[2 * s] = c;
  rotations[2 * s + 1] = d;
  h[s] = length;
  memcpy(k->triangle + s * k->steps, h, (size_t)(s + 1) * sizeof *h);
  k->right[s + 1] = -d * k->right[s];
  k->right[s] *= c;
}

void ness_krylov_advance(ness_krylov *k, ness_krylov_phase phase) {
  const int64_t stride = k->steps + 2;
  const bool cleaned = phase == NESS_KRYLOV_CLEAN && !k->settled;
  const int64_t wanted = phase == NESS_KRYLOV_PROJECT || phase == NESS_KRYLOV_CORRECT ? k->size + 1
                         : phase == NESS_KRYLOV_MEASURE || cleaned                    ? 1
                                                                                      : 0;
  for (int64_t i = 0; i < wanted; ++i) {
    double sum = 0;
    for (int64_t task = 0; task < k->tasks; ++task) {
      sum += k->partials[task * stride + i];
    }
    k->products[i] = sum;
  }
  switch (phase) {
  case NESS_KRYLOV_MEASURE: {
    const double norm = sqrt(k->products[0]);
    k->size = 0;
    memset(k->right, 0, (size_t)(k->steps + 1) * sizeof *k->right);
    k->right[0] = norm;
    k->factor = norm > 0 ? 1 / norm : 0;
    break;
  }
  case NESS_KRYLOV_PROJECT:
    k->before = sqrt(k->products[k->size]);
    memcpy(k->column, k->products, (size_t)k->size * sizeof *k->column);
    break;
  case NESS_KRYLOV_CORRECT: {
    double second = 0;
    for (int64_t i = 0; i < k->size; ++i) {
      k->column[i] += k->products[i];
      second += k->products[i] * k->products[i];
    }
    k->after = sqrt(k->products[k->size]);
    k->settled = sqrt(second) <= settled_level * k->after;
    break;
  }
  case NESS_KRYLOV_CLEAN: {
    // What is left of a vector within the span of the basis is rounding: the space is invariant.
    const double norm = k->settled ? k->after : sqrt(k->products[0]);
    const bool remains = norm > 1e-15 * k->before;
    k->factor = remains ? 1 / norm : 0;
    rotate(k, remains ? norm : 0);
    break;
  }
  case NESS_KRYLOV_SCALE:
    ++k->size;
    break;
  default:
    break;
  }
}

void ness_krylov_solve(ness_krylov *k) {
  const int64_t columns = k->size - 1;
  double largest = 0;
  for (int64_t i = 0; i < columns; ++i) {
    largest = fmax(largest, k->triangle[i + i * k->steps]);
  }
  for (int64_t i = columns - 1; i >= 0; --i) {
    double sum = k->right[i];
    for (int64_t j = i + 1; j < columns; ++j) {
      sum -= k->triangle[i + j * k->steps] * k->coefficients[j];
    }
    const double pivot = k->triangle[i + i * k->steps];
    k->coefficients[i] = pivot > 1e-15 * largest ? sum / pivot : 0;
  }
}
