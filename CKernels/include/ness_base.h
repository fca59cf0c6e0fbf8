/// Status codes, complex numbers and matrix views shared by all kernels.
#ifndef NESS_BASE_H
#define NESS_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define NESS_EXTERN_C_BEGIN extern "C" {
#define NESS_EXTERN_C_END }
#else
#include <stdbool.h>
#define NESS_EXTERN_C_BEGIN
#define NESS_EXTERN_C_END
#endif

#if defined(__clang__)
#define NESS_BEGIN_DECLS NESS_EXTERN_C_BEGIN _Pragma("clang assume_nonnull begin")
#define NESS_END_DECLS _Pragma("clang assume_nonnull end") NESS_EXTERN_C_END
#define NESS_NULLABLE _Nullable
#define NESS_NONNULL _Nonnull
#define NESS_SWIFT_NAME(name) __attribute__((swift_name(#name)))
#define NESS_OPEN_ENUM __attribute__((enum_extensibility(open)))
#else
#define NESS_BEGIN_DECLS NESS_EXTERN_C_BEGIN
#define NESS_END_DECLS NESS_EXTERN_C_END
#define NESS_NULLABLE
#define NESS_NONNULL
#define NESS_SWIFT_NAME(name)
#define NESS_OPEN_ENUM
#endif

NESS_BEGIN_DECLS

/// The one list of outcomes: C name, value, Swift name, message.
#define NESS_STATUS_LIST(X)                                                                        \
  X(NESS_OK, 0, ok, "success")                                                                     \
  X(NESS_ERR_ARGUMENT, 1, invalidArgument, "an argument is out of range")                          \
  X(NESS_ERR_MEMORY, 2, outOfMemory, "an allocation failed")                                       \
  X(NESS_ERR_SINGULAR, 3, singularMatrix, "the matrix is numerically singular")                    \
  X(NESS_ERR_OVERFLOW, 4, sizeOverflow, "a size exceeds the range of its integer type")            \
  X(NESS_ERR_CONVERGENCE, 5, noConvergence, "an iteration did not converge")                       \
  X(NESS_ERR_LIMIT, 6, limitExceeded, "a limit set by the caller was exceeded")                    \
  X(NESS_ERR_NOT_CLOSED, 7, notClosed, "the index space is not closed under the generator")        \
  X(NESS_ERR_NOT_PERMUTATION, 8, notPermutation, "a symmetry is not a permutation")                \
  X(NESS_ERR_LIBRARY, 9, libraryFailure, "a numerical library reported an internal error")         \
  X(NESS_ERR_NOT_FINITE, 10, notFinite, "a matrix element is infinite or not a number")

/// Outcome of a kernel call.
typedef enum NESS_OPEN_ENUM ness_status {
#define X(name, value, swift, text) name NESS_SWIFT_NAME(swift) = value,
  NESS_STATUS_LIST(X)
#undef X
} ness_status;

/// Static, never-null message of a status.
const char *ness_status_message(ness_status status);

/// Complex number, real and imaginary part interleaved; layout of `double[2]`.
typedef struct ness_complex {
  double re, im;
} ness_complex;

/// Borrowed complex matrix in compressed columns.
typedef struct ness_zcsc {
  int64_t rows;               ///< Number of rows.
  int64_t columns;            ///< Number of columns.
  const int64_t *starts;      ///< `columns + 1` entries; column j is [starts[j], starts[j+1]).
  const int64_t *indices;     ///< `starts[columns]` row indices, ascending within a column.
  const ness_complex *values; ///< `starts[columns]` values.
} ness_zcsc;

/// Borrowed real matrix in compressed columns; fields as in `ness_zcsc`.
typedef struct ness_dcsc {
  int64_t rows;
  int64_t columns;
  const int64_t *starts;
  const int64_t *indices;
  const double *values;
} ness_dcsc;

NESS_END_DECLS

#endif
