// Guards in front of LAPACK, which hangs on NaN and takes 32-bit sizes.
#ifndef NESS_DENSE_PRIVATE_H
#define NESS_DENSE_PRIVATE_H

#include "ness_internal.h"

#include <limits.h>
#include <math.h>

// True when none of `count` doubles is infinite or NaN.
static inline bool ness_all_finite(int64_t count, const double *values) {
  for (int64_t k = 0; k < count; ++k) {
    if (!isfinite(values[k])) {
      return false;
    }
  }
  return true;
}

// Argument error for negative dimensions, overflow for those LAPACK cannot express; otherwise the
// number of elements.
static inline ness_status ness_dense_size(int64_t rows, int64_t columns, int64_t *elements) {
  if (rows < 0 || columns < 0) {
    return NESS_ERR_ARGUMENT;
  }
  const bool fits = rows <= INT_MAX && columns <= INT_MAX && ness_product(rows, columns, elements);
  return fits ? NESS_OK : NESS_ERR_OVERFLOW;
}

// Storage for a rows x columns matrix that LAPACK works on, with one column to spare: OpenBLAS
// 0.3.21 (zgemv_n on Haswell and later) reads, without using it, the first element of the column
// behind the last one, which may lie on a page that does not exist. Seen with zgesdd from order 3
// on, with the matrix in front of a protected page.
static inline void *ness_lapack_matrix(int64_t rows, int64_t columns, size_t size) {
  int64_t elements;
  return columns < INT64_MAX && ness_product(rows, columns + 1, &elements)
             ? ness_alloc(elements, size)
             : NULL;
}

// Meaning of LAPACK's info where a positive one tells of an iteration that failed.
static inline ness_status ness_lapack_status(int info) {
  return info == 0 ? NESS_OK : info > 0 ? NESS_ERR_CONVERGENCE : NESS_ERR_LIBRARY;
}

// Workspace length from the answer to a query; false when it exceeds LAPACK's integers.
static inline bool ness_work_length(double answer, int *length) {
  if (!(answer >= 0 && answer <= INT_MAX)) {
    return false;
  }
  // Queries answer in floating point; a large length may have been rounded down.
  *length = answer < 1 ? 1 : (int)ceil(answer);
  return true;
}

#endif
