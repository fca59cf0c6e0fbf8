// Creation: a copy of the matrix with a full diagonal, and the orderings that all shifts share.

#include "propagator_private.h"

#include "ness_internal.h"
#include "ness_sparse.h"

#include <string.h>

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

// Largest row sum of moduli; `sums` is workspace for one double per row.
static double row_norm(const ness_dcsc *matrix, double *sums) {
  memset(sums, 0, (size_t)matrix->rows * sizeof *sums);
  for (int64_t k = 0; k < matrix->starts[matrix->columns]; ++k) {
    sums[matrix->indices[k]] += fabs(matrix->values[k]);
  }
  return ness_largest(matrix->rows, sums);
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
