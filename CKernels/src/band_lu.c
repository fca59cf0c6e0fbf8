// Band LU with partial pivoting (LAPACK's dgbtrf), refined with residuals in twice the precision:
// slow modes of a generator cost digits that a single precise residual brings back.

#include "dense_private.h"
#include "lapack.h"
#include "ness_band.h"
#include "ness_sparse.h"
#include "residual.h"

#include <stdlib.h>
#include <string.h>

struct ness_dband {
  int64_t order, half_width;
  // P A P^T.
  int64_t *starts;
  int64_t *indices;
  double *values;
  // Unknown at every place.
  int64_t *unknowns;
  // LAPACK's band storage: 3 half_width + 1 rows, the first half_width of them for fill.
  double *factors;
  int *pivots;
};

static int64_t band_rows(int64_t half_width) {
  return 3 * half_width + 1;
}

int64_t ness_dband_bytes(int64_t order, int64_t half_width) {
  int64_t elements;
  return half_width < INT32_MAX && ness_product(order, band_rows(half_width), &elements) &&
                 elements < INT64_MAX / 16
             ? 8 * elements + 12 * order
             : INT64_MAX;
}

// The inverse of `order`, or false when it is no permutation.
static bool invert(int64_t n, const int64_t *order, int64_t *places) {
  for (int64_t i = 0; i < n; ++i) {
    places[i] = -1;
  }
  for (int64_t i = 0; i < n; ++i) {
    if (order[i] < 0 || order[i] >= n || places[order[i]] >= 0) {
      return false;
    }
    places[order[i]] = i;
  }
  return true;
}

// Copies P A P^T into the handle and its band; false when an entry lies outside the half width.
static bool permute(const ness_dcsc *matrix, const int64_t *places, ness_dband *lu, double *norm) {
  const int64_t n = lu->order, w = lu->half_width, rows = band_rows(w);
  int64_t count = 0;
  *norm = 0;
  for (int64_t j = 0; j < n; ++j) {
    lu->starts[j] = count;
    const int64_t column = lu->unknowns[j];
    double sum = 0;
    for (int64_t k = matrix->starts[column]; k < matrix->starts[column + 1]; ++k) {
      const int64_t i = places[matrix->indices[k]];
      if (llabs(i - j) > w) {
        return false;
      }
      lu->indices[count] = i;
      lu->values[count++] = matrix->values[k];
      lu->factors[2 * w + i - j + j * rows] = matrix->values[k];
      sum += fabs(matrix->values[k]);
    }
    *norm = sum > *norm ? sum : *norm;
  }
  lu->starts[n] = count;
  return true;
}

ness_status ness_dband_create(const ness_dcsc *matrix, const int64_t *order, int64_t half_width,
                              double *reciprocal_condition, ness_dband **out) {
  *out = NULL;
  const int64_t n = matrix->columns;
  if (n < 1 || matrix->rows != n || half_width < 0 || ness_dcsc_check(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t nonzeros = matrix->starts[n];
  int64_t elements;
  if (n > INT_MAX || half_width >= n || !ness_product(n, band_rows(half_width), &elements)) {
    return half_width >= n ? NESS_ERR_ARGUMENT : NESS_ERR_OVERFLOW;
  }
  ness_status status = NESS_ERR_MEMORY;
  int64_t *places = ness_alloc(n, sizeof *places);
  double *work = ness_alloc(3 * n, sizeof *work);
  int *integer_work = ness_alloc(n, sizeof *integer_work);
  ness_dband *lu = ness_calloc(1, sizeof *lu);
  if (places == NULL || work == NULL || integer_work == NULL || lu == NULL) {
    goto done;
  }
  lu->order = n;
  lu->half_width = half_width;
  lu->starts = ness_alloc(n + 1, sizeof *lu->starts);
  lu->indices = ness_alloc(nonzeros > 0 ? nonzeros : 1, sizeof *lu->indices);
  lu->values = ness_alloc(nonzeros > 0 ? nonzeros : 1, sizeof *lu->values);
  lu->unknowns = ness_alloc(n, sizeof *lu->unknowns);
  lu->factors = ness_calloc(elements, sizeof *lu->factors);
  lu->pivots = ness_alloc(n, sizeof *lu->pivots);
  if (lu->starts == NULL || lu->indices == NULL || lu->values == NULL || lu->unknowns == NULL ||
      lu->factors == NULL || lu->pivots == NULL) {
    goto done;
  }
  memcpy(lu->unknowns, order, (size_t)n * sizeof *order);
  double norm;
  if (!invert(n, order, places) || !permute(matrix, places, lu, &norm)) {
    status = NESS_ERR_ARGUMENT;
    goto done;
  }
  const int size = (int)n, width = (int)half_width, rows = (int)band_rows(half_width);
  int info;
  dgbtrf_(&size, &size, &width, &width, lu->factors, &rows, lu->pivots, &info);
  if (info != 0) {
    status = info > 0 ? NESS_ERR_SINGULAR : NESS_ERR_LIBRARY;
    goto done;
  }
  double condition;
  dgbcon_("1", &size, &width, &width, lu->factors, &rows, lu->pivots, &norm, &condition, work,
          integer_work, &info, 1);
  if (info != 0) {
    status = NESS_ERR_LIBRARY;
    goto done;
  }
  *reciprocal_condition = condition;
  *out = lu;
  lu = NULL;
  status = NESS_OK;
done:
  ness_dband_destroy(lu);
  ness_free(integer_work);
  ness_free(work);
  ness_free(places);
  return status;
}

// r = b - A x, or b - A^T x.
static void residual(const ness_dcsc *matrix, bool transposed, const double *b, const double *x,
                     double *r, double *scratch) {
  const int64_t n = matrix->columns;
  if (transposed) {
    ness_dcsc_apply(matrix, true, x, r);
    for (int64_t i = 0; i < n; ++i) {
      r[i] = b[i] - r[i];
    }
    return;
  }
  // b - (0 - A) (-x) = b - A x.
  for (int64_t i = 0; i < n; ++i) {
    scratch[2 * n + i] = -x[i];
  }
  ness_dshift_residual(matrix, 0, b, scratch + 2 * n, r, scratch);
}

ness_status ness_dband_solve(const ness_dband *lu, bool transposed, int64_t width, const double *b,
                             double *x) {
  const int64_t n = lu->order;
  if (width < 0) {
    return NESS_ERR_ARGUMENT;
  }
  double *work = ness_alloc(6 * n, sizeof *work);
  if (work == NULL) {
    return NESS_ERR_MEMORY;
  }
  double *right = work, *solution = work + n, *rest = work + 2 * n, *scratch = work + 3 * n;
  const char *trans = transposed ? "T" : "N";
  const int size = (int)n, band = (int)lu->half_width, rows = (int)band_rows(lu->half_width);
  const int one = 1;
  const ness_dcsc matrix = {n, n, lu->starts, lu->indices, lu->values};
  ness_status status = NESS_OK;
  for (int64_t j = 0; j < width; ++j) {
    for (int64_t i = 0; i < n; ++i) {
      right[i] = b[lu->unknowns[i] + j * n];
    }
    memcpy(solution, right, (size_t)n * sizeof *solution);
    int info;
    dgbtrs_(trans, &size, &band, &band, &one, lu->factors, &rows, lu->pivots, solution, &size,
            &info, 1);
    if (info == 0) {
      residual(&matrix, transposed, right, solution, rest, scratch);
      dgbtrs_(trans, &size, &band, &band, &one, lu->factors, &rows, lu->pivots, rest, &size, &info,
              1);
    }
    if (info != 0) {
      status = NESS_ERR_LIBRARY;
      break;
    }
    for (int64_t i = 0; i < n; ++i) {
      x[lu->unknowns[i] + j * n] = solution[i] + rest[i];
    }
  }
  ness_free(work);
  return status;
}

void ness_dband_destroy(ness_dband *lu) {
  if (lu == NULL) {
    return;
  }
  ness_free(lu->pivots);
  ness_free(lu->factors);
  ness_free(lu->unknowns);
  ness_free(lu->values);
  ness_free(lu->indices);
  ness_free(lu->starts);
  ness_free(lu);
}
