/// Generators of Markovian dynamics in the form every master equation here is lowered to:
///
///     L rho = K rho + rho K^+ + sum_k A_k rho B_k^+ + diag( W diag(rho) )
///
/// K is the drift (-i H minus half the decay operators), (A_k, B_k) are the jump terms (A = B for a
/// Lindblad jump operator with its rate folded in; Redfield terms have A != B), W[a,c] >= 0 are
/// classical jump rates c -> a that act on populations only (their decay belongs into K). Vectors
/// stack columns: element (row a, column b) of an order-D matrix sits at a + b D.
#ifndef NESS_GENERATOR_H
#define NESS_GENERATOR_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Borrowed description of a generator.
typedef struct ness_terms {
  int64_t order;                        ///< D.
  ness_zcsc drift;                      ///< K, D x D.
  int64_t jump_count;                   ///< Number of pairs (A_k, B_k).
  const ness_zcsc *NESS_NULLABLE left;  ///< `jump_count` matrices A_k, D x D.
  const ness_zcsc *NESS_NULLABLE right; ///< `jump_count` matrices B_k, D x D.
  const ness_dcsc *NESS_NULLABLE rates; ///< W, D x D, or null.
} ness_terms;

/// out = L rho for a dense D x D matrix, Hermitian or not; not overlapping.
/// Cost D nnz(K) + D sum nnz(A_k); one D x D workspace.
ness_status ness_terms_apply(const ness_terms *terms, const ness_complex *rho, ness_complex *out);

/// value = <x| L(|u><v|) |y>, all vectors of length D. Cost proportional to the nonzeros.
/// Two generators that agree on random vectors agree: used to verify symmetries without D x D
/// storage.
ness_status ness_terms_form(const ness_terms *terms, const ness_complex *x, const ness_complex *u,
                            const ness_complex *v, const ness_complex *y, ness_complex *value);

NESS_END_DECLS

#endif
