// Sparse LU through UMFPACK (Davis, ACM TOMS 30 (2004) 196), for one scalar type; included once per
// type, which defines
//   SCALAR, CSC       entry and matrix view
//   NESS(name)        prefix of this scalar, e.g. ness_zlu##name
//   UMF(name)         UMFPACK routine, e.g. umfpack_zl_##name
//   PARTS(p)          entries as UMFPACK's arguments; for interleaved complex numbers the imaginary
//   pointer is null CHECK             validation of a view WORK, WORK_REFINED  doubles of workspace
//   per unknown in a solve without and with iterative refinement
//
// Each handle copies its values because refinement needs them; pattern and analysis are shared
// between handles.

#include "lu_private.h"
#include "ness_internal.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include <suitesparse/umfpack.h>

// SuiteSparse_long and int64_t may be different names of the same type.
_Static_assert(sizeof(SuiteSparse_long) == sizeof(int64_t), "UMFPACK indices have 64 bits");
typedef SuiteSparse_long suite_int;

typedef struct NESS(_analysis) {
  _Atomic int64_t owners;
  int64_t order;
  suite_int *starts;
  suite_int *indices;
  void *symbolic;
  double control[UMFPACK_CONTROL];
  double peak_bytes;
} analysis_t;

struct NESS() {
  analysis_t *analysis;
  SCALAR *values;
  void *numeric;
};

void NESS(_analysis_release)(analysis_t *analysis) {
  if (analysis == NULL || atomic_fetch_sub(&analysis->owners, 1) != 1) {
    return;
  }
  UMF(free_symbolic)(&analysis->symbolic);
  ness_free(analysis->indices);
  ness_free(analysis->starts);
  ness_free(analysis);
}

ness_status NESS(_analyze)(const CSC *matrix, const ness_lu_options *options, ness_lu_info *info,
                           analysis_t **out) {
  *out = NULL;
  *info = (ness_lu_info){0};
  if (matrix->rows != matrix->columns || matrix->rows < 1 || CHECK(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t order = matrix->rows, nonzeros = matrix->starts[order];
  info->order = order;
  info->nonzeros = nonzeros;
  analysis_t *analysis = ness_calloc(1, sizeof *analysis);
  if (analysis == NULL) {
    return NESS_ERR_MEMORY;
  }
  atomic_init(&analysis->owners, 1);
  analysis->order = order;
  UMF(defaults)(analysis->control);
  ness_status status = ness_lu_set_control(options, analysis->control);
  if (status != NESS_OK) {
    goto failed;
  }
  analysis->starts = ness_alloc(order + 1, sizeof *analysis->starts);
  analysis->indices = ness_alloc(nonzeros, sizeof *analysis->indices);
  if (analysis->starts == NULL || analysis->indices == NULL) {
    status = NESS_ERR_MEMORY;
    goto failed;
  }
  memcpy(analysis->starts, matrix->starts, (size_t)(order + 1) * sizeof *analysis->starts);
  memcpy(analysis->indices, matrix->indices, (size_t)nonzeros * sizeof *analysis->indices);
  double report[UMFPACK_INFO] = {0};
  status = ness_lu_status(UMF(symbolic)(order, order, analysis->starts, analysis->indices,
                                        PARTS(matrix->values), &analysis->symbolic,
                                        analysis->control, report));
  analysis->peak_bytes = report[UMFPACK_SYMBOLIC_PEAK_MEMORY] * report[UMFPACK_SIZE_OF_UNIT];
  info->peak_bytes = (size_t)fmax(analysis->peak_bytes, 0);
  if (status != NESS_OK) {
    goto failed;
  }
  *out = analysis;
  return NESS_OK;
failed:
  NESS(_analysis_release)(analysis);
  return status;
}

ness_status NESS(_factorize)(analysis_t *analysis, const SCALAR *values, ness_lu_info *info,
                             NESS() * *out) {
  *out = NULL;
  const int64_t order = analysis->order, nonzeros = analysis->starts[order];
  *info = (ness_lu_info){.order = order, .nonzeros = nonzeros};
  NESS() *lu = ness_calloc(1, sizeof *lu);
  if (lu == NULL) {
    return NESS_ERR_MEMORY;
  }
  atomic_fetch_add(&analysis->owners, 1);
  lu->analysis = analysis;
  lu->values = ness_alloc(nonzeros, sizeof *lu->values);
  ness_status status = NESS_ERR_MEMORY;
  if (lu->values == NULL) {
    goto failed;
  }
  memcpy(lu->values, values, (size_t)nonzeros * sizeof *lu->values);
  double report[UMFPACK_INFO] = {0};
  status =
      ness_lu_status(UMF(numeric)(analysis->starts, analysis->indices, PARTS(lu->values),
                                  analysis->symbolic, &lu->numeric, analysis->control, report));
  const double unit = report[UMFPACK_SIZE_OF_UNIT];
  const double peak = report[UMFPACK_PEAK_MEMORY] * unit;
  // UMFPACK writes -1 where a phase that failed left no number.
  info->factor_nonzeros = (int64_t)(fmax(report[UMFPACK_LNZ], 0) + fmax(report[UMFPACK_UNZ], 0));
  info->flops = fmax(report[UMFPACK_FLOPS], 0);
  info->reciprocal_condition = fmax(report[UMFPACK_RCOND], 0);
  info->peak_bytes = (size_t)fmax(peak, analysis->peak_bytes);
  info->factor_bytes = (size_t)fmax(report[UMFPACK_NUMERIC_SIZE] * unit, 0);
  if (status != NESS_OK) {
    goto failed;
  }
  *out = lu;
  return NESS_OK;
failed:
  NESS(_destroy)(lu);
  return status;
}

ness_status NESS(_create)(const CSC *matrix, const ness_lu_options *options, ness_lu_info *info,
                          NESS() * *out) {
  *out = NULL;
  analysis_t *analysis = NULL;
  ness_status status = NESS(_analyze)(matrix, options, info, &analysis);
  if (status == NESS_OK) {
    status = NESS(_factorize)(analysis, matrix->values, info, out);
  }
  NESS(_analysis_release)(analysis);
  return status;
}

ness_status NESS(_create_like)(const NESS() * pattern, const CSC *matrix, ness_lu_info *info,
                               NESS() * *out) {
  *out = NULL;
  *info = (ness_lu_info){0};
  // Only the owner count of the analysis changes, atomically: the pattern stays constant for its
  // other users.
  analysis_t *analysis = pattern->analysis;
  const int64_t order = analysis->order, nonzeros = analysis->starts[order];
  if (matrix->rows != order || matrix->columns != order || CHECK(matrix) != NESS_OK ||
      memcmp(matrix->starts, analysis->starts, (size_t)(order + 1) * sizeof(int64_t)) != 0 ||
      memcmp(matrix->indices, analysis->indices, (size_t)nonzeros * sizeof(int64_t)) != 0) {
    return NESS_ERR_ARGUMENT;
  }
  return NESS(_factorize)(analysis, matrix->values, info, out);
}

ness_status NESS(_solve)(const NESS() * lu, bool adjoint, int64_t width, const SCALAR *b,
                         SCALAR *x) {
  const analysis_t *analysis = lu->analysis;
  const int64_t order = analysis->order;
  int64_t total, doubles;
  if (width < 0) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t per_unknown = analysis->control[UMFPACK_IRSTEP] > 0 ? WORK_REFINED : WORK;
  if (!ness_product(order, width, &total) || !ness_product(order, per_unknown, &doubles)) {
    return NESS_ERR_OVERFLOW;
  }
  ness_status status = NESS_ERR_MEMORY;
  suite_int *integers = ness_alloc(order, sizeof *integers);
  double *work = ness_alloc(doubles, sizeof *work);
  if (integers == NULL || work == NULL) {
    goto done;
  }
  status = NESS_OK;
  for (int64_t start = 0; start < total && status == NESS_OK; start += order) {
    double report[UMFPACK_INFO];
    status = ness_lu_status(UMF(wsolve)(adjoint ? UMFPACK_At : UMFPACK_A, analysis->starts,
                                        analysis->indices, PARTS(lu->values), OUT_PARTS(x + start),
                                        PARTS(b + start), lu->numeric, analysis->control, report,
                                        integers, work));
  }
done:
  ness_free(work);
  ness_free(integers);
  return status;
}

void NESS(_destroy)(NESS() * lu) {
  if (lu == NULL) {
    return;
  }
  UMF(free_numeric)(&lu->numeric);
  ness_free(lu->values);
  NESS(_analysis_release)(lu->analysis);
  ness_free(lu);
}
