// What the real and the complex factorization have in common: options and return codes.

#if !__has_include(<suitesparse/umfpack.h>)
#error "suitesparse/umfpack.h is missing: install libsuitesparse-dev"
#endif

#include "lu_private.h"

#include <suitesparse/umfpack.h>

ness_lu_options ness_lu_default_options(void) {
  return (ness_lu_options){NESS_LU_STRATEGY_SYMMETRIC, NESS_LU_ORDERING_METIS, 2};
}

ness_status ness_lu_set_control(const ness_lu_options *options, double *control) {
  switch (options->strategy) {
  case NESS_LU_STRATEGY_AUTO:
    control[UMFPACK_STRATEGY] = UMFPACK_STRATEGY_AUTO;
    break;
  case NESS_LU_STRATEGY_SYMMETRIC:
    control[UMFPACK_STRATEGY] = UMFPACK_STRATEGY_SYMMETRIC;
    break;
  case NESS_LU_STRATEGY_UNSYMMETRIC:
    control[UMFPACK_STRATEGY] = UMFPACK_STRATEGY_UNSYMMETRIC;
    break;
  default:
    return NESS_ERR_ARGUMENT;
  }
  switch (options->ordering) {
  case NESS_LU_ORDERING_AMD:
    control[UMFPACK_ORDERING] = UMFPACK_ORDERING_AMD;
    break;
  case NESS_LU_ORDERING_METIS:
    control[UMFPACK_ORDERING] = UMFPACK_ORDERING_METIS;
    break;
  case NESS_LU_ORDERING_BEST:
    control[UMFPACK_ORDERING] = UMFPACK_ORDERING_BEST;
    break;
  case NESS_LU_ORDERING_NONE:
    control[UMFPACK_ORDERING] = UMFPACK_ORDERING_NONE;
    break;
  default:
    return NESS_ERR_ARGUMENT;
  }
  if (options->refinement_steps < 0) {
    return NESS_ERR_ARGUMENT;
  }
  control[UMFPACK_IRSTEP] = options->refinement_steps;
  return NESS_OK;
}

ness_status ness_lu_status(int64_t code) {
  switch (code) {
  case UMFPACK_OK:
    return NESS_OK;
  case UMFPACK_WARNING_singular_matrix:
    return NESS_ERR_SINGULAR;
  case UMFPACK_ERROR_out_of_memory:
    return NESS_ERR_MEMORY;
  case UMFPACK_ERROR_different_pattern:
    return NESS_ERR_ARGUMENT;
  default:
    return NESS_ERR_LIBRARY;
  }
}
