// Dense LU with partial pivoting (LAPACK) of matrices that arrive sparse. The sparse copy stays for
// the residuals of refinement: it costs less to read than the dense one, and little to keep.

#include "dense_private.h"
#include "lapack.h"
#include "ness_dense.h"
#include "ness_sparse.h"

#include <string.h>

struct ness_ddense {
  int64_t order;
  int64_t *starts;
  int64_t *indices;
  double *values;
  double *factors;
  int *pivots;
};

// Largest column sum of moduli.
static double one_norm(const ness_dcsc *matrix) {
  double norm = 0;
  for (int64_t j = 0; j < matrix->columns; ++j) {
    double sum = 0;
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      sum += fabs(matrix->values[k]);
    }
    norm = sum > norm ? sum : norm;
  }
  return norm;
}

ness_status ness_ddense_create(const ness_dcsc *matrix, double *reciprocal_condition,
                               ness_ddense **out) {
  *out = NULL;
  const int64_t n = matrix->rows;
  if (n < 1 || matrix->columns != n || ness_dcsc_check(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t elements;
  ness_status status = ness_dense_size(n, n, &elements);
  if (status != NESS_OK) {
    return status;
  }
  const int64_t nonzeros = matrix->starts[n];
  status = NESS_ERR_MEMORY;
  double *work = ness_alloc(4 * n, sizeof *work);
  int *integer_work = ness_alloc(n, sizeof *integer_work);
  ness_ddense *lu = ness_calloc(1, sizeof *lu);
  if (work == NULL || integer_work == NULL || lu == NULL) {
    goto done;
  }
  lu->order = n;
  lu->starts = ness_alloc(n + 1, sizeof *lu->starts);
  lu->indices = ness_alloc(nonzeros, sizeof *lu->indices);
  lu->values = ness_alloc(nonzeros, sizeof *lu->values);
  lu->factors = ness_calloc(elements, sizeof *lu->factors);
  lu->pivots = ness_alloc(n, sizeof *lu->pivots);
  if (lu->starts == NULL || lu->indices == NULL || lu->values == NULL || lu->factors == NULL ||
      lu->pivots == NULL) {
    goto done;
  }
  memcpy(lu->starts, matrix->starts, (size_t)(n + 1) * sizeof *lu->starts);
  memcpy(lu->indices, matrix->indices, (size_t)nonzeros * sizeof *lu->indices);
  memcpy(lu->values, matrix->values, (size_t)nonzeros * sizeof *lu->values);
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = lu->starts[j]; k < lu->starts[j + 1]; ++k) {
      lu->factors[lu->indices[k] + j * n] = lu->values[k];
    }
  }
  const int order = (int)n;
  int info;
  dgetrf_(&order, &order, lu->factors, &order, lu->pivots, &info);
  if (info != 0) {
    status = info > 0 ? NESS_ERR_SINGULAR : NESS_ERR_LIBRARY;
    goto done;
  }
  const double norm = one_norm(matrix);
  double condition;
  dgecon_("1", &order, lu->factors, &order, &norm, &condition, work, integer_work, &info, 1);
  if (info != 0) {
    status = NESS_ERR_LIBRARY;
    goto done;
  }
  *reciprocal_condition = condition;
  *out = lu;
  lu = NULL;
  status = NESS_OK;
done:
  ness_ddense_destroy(lu);
  ness_free(integer_work);
  ness_free(work);
  return status;
}

ness_status ness_ddense_solve(const ness_ddense *lu, bool transposed, int64_t width,
                              const double *b, double *x) {
  const int64_t n = lu->order;
  int64_t elements;
  ness_status status = ness_dense_size(n, width, &elements);
  if (status != NESS_OK || width == 0) {
    return status;
  }
  double *residual = ness_alloc(elements, sizeof *residual);
  double *product = ness_alloc(n, sizeof *product);
  status = NESS_ERR_MEMORY;
  if (residual == NULL || product == NULL) {
    goto done;
  }
  const char *trans = transposed ? "T" : "N";
  const int order = (int)n, columns = (int)width;
  const ness_dcsc matrix = {n, n, lu->starts, lu->indices, lu->values};
  int info;
  memcpy(x, b, (size_t)elements * sizeof *x);
  dgetrs_(trans, &order, &columns, lu->factors, &order, lu->pivots, x, &order, &info, 1);
  for (int64_t j = 0; j < width && info == 0; ++j) {
    ness_dcsc_apply(&matrix, transposed, x + j * n, product);
    for (int64_t i = 0; i < n; ++i) {
      residual[i + j * n] = b[i + j * n] - product[i];
    }
  }
  if (info == 0) {
    dgetrs_(trans, &order, &columns, lu->factors, &order, lu->pivots, residual, &order, &info, 1);
  }
  if (info != 0) {
    status = NESS_ERR_LIBRARY;
    goto done;
  }
  for (int64_t k = 0; k < elements; ++k) {
    x[k] += residual[k];
  }
  status = NESS_OK;
done:
  ness_free(product);
  ness_free(residual);
  return status;
}

size_t ness_ddense_bytes(const ness_ddense *lu) {
  const size_t n = (size_t)lu->order, nonzeros = (size_t)lu->starts[lu->order];
  return sizeof *lu + n * n * sizeof(double) + n * sizeof(int) + (n + 1) * sizeof(int64_t) +
         nonzeros * (sizeof(int64_t) + sizeof(double));
}

void ness_ddense_destroy(ness_ddense *lu) {
  if (lu == NULL) {
    return;
  }
  ness_free(lu->pivots);
  ness_free(lu->factors);
  ness_free(lu->values);
  ness_free(lu->indices);
  ness_free(lu->starts);
  ness_free(lu);
}
