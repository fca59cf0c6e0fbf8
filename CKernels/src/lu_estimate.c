/// Cost of a sparse LU factorization from its analysis alone: UMFPACK's symmetric strategy orders
/// the pattern of A + A^T by minimum degree and counts the entries and operations of factors with
/// diagonal pivots.
#include <string.h>
#include <suitesparse/umfpack.h>

#include "lu_private.h"
#include "ness_internal.h"
#include "ness_lu.h"
#include "ness_sparse.h"

ness_status ness_dlu_estimate(const ness_dcsc *matrix, ness_lu_info *info) {
  *info = (ness_lu_info){0};
  if (matrix->rows != matrix->columns || matrix->rows < 1 || ness_dcsc_check(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  const ness_lu_options options = {.strategy = NESS_LU_STRATEGY_SYMMETRIC,
                                   .ordering = NESS_LU_ORDERING_AMD,
                                   .refinement_steps = 0};
  double control[UMFPACK_CONTROL];
  double report[UMFPACK_INFO] = {0};
  umfpack_dl_defaults(control);
  ness_status status = ness_lu_set_control(&options, control);
  if (status != NESS_OK) {
    return status;
  }
  void *symbolic = NULL;
  // UMFPACK's index type has 64 bits, see the assertion in lu_template.h.
  status = ness_lu_status(umfpack_dl_symbolic(
      matrix->rows, matrix->columns, (const SuiteSparse_long *)matrix->starts,
      (const SuiteSparse_long *)matrix->indices, matrix->values, &symbolic, control, report));
  umfpack_dl_free_symbolic(&symbolic);
  if (status != NESS_OK) {
    return status;
  }
  // UMFPACK writes -1 where it has no number, as when it did not follow the symmetric strategy.
  const double order = (double)matrix->rows;
  const double known = report[UMFPACK_SYMMETRIC_LUNZ];
  const double entries = known >= 0 ? known : order * order;
  const double front = report[UMFPACK_SYMMETRIC_DMAX] >= 0 ? report[UMFPACK_SYMMETRIC_DMAX] : order;
  info->order = matrix->rows;
  info->nonzeros = matrix->starts[matrix->columns];
  info->factor_nonzeros = (int64_t)entries;
  info->flops = known >= 0 ? report[UMFPACK_SYMMETRIC_FLOPS] : 2.0 / 3 * order * order * order;
  // Values, compressed indices, and the largest frontal matrix with its successor.
  info->factor_bytes = (size_t)(10 * entries);
  info->peak_bytes = (size_t)(12 * entries + 16 * front * front + 200 * order);
  return NESS_OK;
}
