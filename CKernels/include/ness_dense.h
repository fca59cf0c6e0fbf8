/// Dense linear algebra on column-major arrays (LAPACK, BLAS).
#ifndef NESS_DENSE_H
#define NESS_DENSE_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Eigenvalues (ascending) of a Hermitian matrix of order n, and its eigenvectors as columns when
/// `vectors` is not null (n x n). Reads the lower triangle of `a`; `a` is not changed.
ness_status ness_zeigh(int64_t n, const ness_complex *a, double *values,
                       ness_complex *NESS_NULLABLE vectors);

/// Eigenvalues of a general complex matrix of order n; right eigenvectors as columns (unit
/// Euclidean norm) when `vectors` is not null. `a` is not changed.
ness_status ness_zeig(int64_t n, const ness_complex *a, ness_complex *values,
                      ness_complex *NESS_NULLABLE vectors);

/// Eigenvalues of a general real matrix of order n. `a` is not changed.
ness_status ness_deig_values(int64_t n, const double *a, ness_complex *values);

/// Singular values (descending) of a real rows x columns matrix; min(rows, columns) of them.
ness_status ness_dsingular_values(int64_t rows, int64_t columns, const double *a, double *values);
/// Singular values of a complex matrix, as above.
ness_status ness_zsingular_values(int64_t rows, int64_t columns, const ness_complex *a,
                                  double *values);

/// c = op(a) op(b), op the adjoint where requested; op(a) is m x k, op(b) k x n, c m x n.
ness_status ness_zmultiply(int64_t m, int64_t n, int64_t k, bool adjoint_a, const ness_complex *a,
                           bool adjoint_b, const ness_complex *b, ness_complex *c);

/// exp(a) - 1 of a general real matrix of order n, without the cancellation that small `a` would
/// suffer. `a` is not changed and does not overlap `out`. Errors: argument (values not finite),
/// memory, overflow (order; norm of `a` beyond 2^60), not finite (the exponential exceeds the range
/// of a double).
ness_status ness_dexpm1(int64_t n, const double *a, double *out);

/// Dense LU with partial pivoting of a real matrix given in compressed columns.
typedef struct ness_ddense ness_ddense;

/// Factorizes a square matrix; `reciprocal_condition` is LAPACK's estimate in the 1-norm.
/// Errors: argument, memory, singular (an exact zero pivot), overflow.
ness_status ness_ddense_create(const ness_dcsc *matrix, double *reciprocal_condition,
                               ness_ddense *NESS_NULLABLE *NESS_NONNULL out);
/// Solves a X = B (a^T X = B with `transposed`) for `width` columns; X and B must not overlap.
/// Each column gets one step of iterative refinement.
ness_status ness_ddense_solve(const ness_ddense *lu, bool transposed, int64_t width,
                              const double *b, double *x);
/// Bytes held by a factorization.
size_t ness_ddense_bytes(const ness_ddense *lu);
void ness_ddense_destroy(ness_ddense *NESS_NULLABLE lu);

NESS_END_DECLS

#endif
