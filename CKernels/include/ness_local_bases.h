/// Correlation of the diagonal of a positive matrix in products of local bases, and its maximum.
///
/// The rows of a Hermitian matrix A of trace one are numbered by `sites` digits, site 0 the
/// slowest, digit k below levels[k]. Unitary matrices U_k, one for each site, give the
/// probabilities
///   p = diagonal of U^+ A U, U = U_0 x U_1 x ...,
/// with marginals p_k. Their total correlation (multi-information) is
///   T = sum_s p(s) ln p(s) - sum_k sum_d p_k(d) ln p_k(d) >= 0, in nats.
///
/// Bases are passed one after the other, each column by column: a basis takes levels[k]^2 numbers.
/// They are moved by angles, U_k -> U_k exp(i sum_a x_a Lambda_a), Lambda the generalized Gell-Mann
/// matrices in the order: for b = 1, 2, ..., first for a = 0 ... b - 1 the symmetric
/// |a><b| + |b><a| and the antisymmetric -i |a><b| + i |b><a|, then the diagonal
/// sqrt(2 / (b (b + 1))) (|0><0| + ... + |b-1><b-1| - b |b><b|). The diagonal ones rephase the
/// basis and leave T alone where they act first; "off-diagonal angles" skips them.
///
/// Sites of one group share their angles. `groups[k]` is the group of site k; groups are numbered
/// from 0 without gaps, and all sites of a group have as many levels. Angles of group 0 come first.
#ifndef NESS_LOCAL_BASES_H
#define NESS_LOCAL_BASES_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// A matrix prepared for many evaluations. Read-only after creation.
typedef struct ness_local_bases ness_local_bases;

/// Prepares A = C C^+ with `rank` >= 1 columns C, dimension x rank, column by column. One
/// evaluation costs 4 dimension x rank x (sum of the levels) complex multiplications.
/// Errors: argument (also for values that are not finite), memory, overflow.
ness_status ness_local_bases_create_columns(int64_t sites, const int64_t *levels, int64_t rank,
                                            const ness_complex *columns,
                                            ness_local_bases *NESS_NULLABLE *NESS_NONNULL out);
/// Prepares A, dimension x dimension, column by column, taken as Hermitian. One evaluation costs
/// about 4 dimension^2 x levels real multiplications: the choice for matrices of high rank. Holds
/// dimension^2 doubles, and twice as many more during creation. Errors as above.
ness_status ness_local_bases_create_matrix(int64_t sites, const int64_t *levels,
                                           const ness_complex *matrix,
                                           ness_local_bases *NESS_NULLABLE *NESS_NONNULL out);
void ness_local_bases_destroy(ness_local_bases *NESS_NULLABLE problem);

/// T at the bases `start` moved by `angles`, and its gradient with respect to the angles when
/// `gradient` is not null. With `diagonal` there are levels^2 - 1 angles for each group, otherwise
/// the levels (levels - 1) off-diagonal ones. `start` must hold unitary matrices; this is not
/// checked. Errors: argument, memory, convergence (angles that are not finite).
ness_status ness_local_bases_evaluate(const ness_local_bases *problem, const int64_t *groups,
                                      const ness_complex *start, bool diagonal,
                                      const double *angles, double *value,
                                      double *NESS_NULLABLE gradient);

/// What a search found.
typedef struct ness_local_bases_result {
  double value;         ///< T at the bases that were found.
  double gradient_norm; ///< Euclidean norm of the gradient with respect to the off-diagonal angles.
  int64_t evaluations;  ///< Evaluations of T and its gradient.
} ness_local_bases_result;

/// Climbs from the bases `start` to a local maximum of T over the off-diagonal angles by
/// limited-memory quasi-Newton steps (NLopt's LD_LBFGS), restarting at the bases found so far until
/// the gradient norm is at most `tolerance` or rounding stops the ascent; the gradient norm in the
/// result tells which. `bases` receives the bases and may be `start`. Deterministic.
/// Errors: argument, memory, convergence, library.
ness_status ness_local_bases_maximize(const ness_local_bases *problem, const int64_t *groups,
                                      const ness_complex *start, double tolerance,
                                      ness_complex *bases, ness_local_bases_result *result);

NESS_END_DECLS

#endif
