/// Lowest eigenvalues of large sparse Hermitian matrices by implicitly restarted Lanczos and
/// Arnoldi iterations (ARPACK).
///
/// Thread rule, unlike everywhere else: ARPACK keeps the state of an iteration in Fortran variables
/// with static storage, so at most one of these functions may run in a process at a time. The Swift
/// facade holds a lock around the whole iteration.
#ifndef NESS_LANCZOS_H
#define NESS_LANCZOS_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Options of an iteration.
typedef struct ness_lanczos_options {
  int64_t wanted;   ///< Number of lowest eigenpairs, at least 1.
  int64_t subspace; ///< Basis vectors held, wanted + 2 <= subspace <= order.
  int64_t restarts; ///< Largest number of restarts, at least 1.
  double
      tolerance; ///< Residual norm of an eigenpair relative to its eigenvalue; 0: as in rounding.
  uint64_t seed; ///< Of the pseudo-random start vector.
} ness_lanczos_options;

/// What an iteration took.
typedef struct ness_lanczos_info {
  int64_t products; ///< Matrix-vector products.
  int64_t restarts; ///< Restarts.
  size_t bytes;     ///< Workspace, without the matrix and the results.
} ness_lanczos_info;

/// Lowest eigenvalues (ascending, `wanted` of them) and unit eigenvectors (columns,
/// order x wanted) of a + shift |u><u|, where a is real symmetric and stored in full; the null `u`
/// stands for no such term. A shift larger than the spread of the spectrum moves the eigenvector u
/// of `a` out of the way, so that a second level is found even when it equals the first one.
///
/// The component of largest modulus of each eigenvector is positive. Same input, same result,
/// unless the start vector lies in an invariant subspace, where ARPACK continues with random
/// numbers of its own. `info` is written on success only. Cost per product: the nonzeros, and order
/// * subspace. Errors: argument, memory, overflow (beyond 32-bit integers), convergence, not
/// finite, library.
ness_status ness_dlanczos(const ness_dcsc *matrix, const double *NESS_NULLABLE u, double shift,
                          const ness_lanczos_options *options, double *values, double *vectors,
                          ness_lanczos_info *info);
/// The same for a complex Hermitian matrix.
ness_status ness_zlanczos(const ness_zcsc *matrix, const ness_complex *NESS_NULLABLE u,
                          double shift, const ness_lanczos_options *options, double *values,
                          ness_complex *vectors, ness_lanczos_info *info);

NESS_END_DECLS

#endif
