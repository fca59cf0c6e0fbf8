/// LU factorization of real band matrices, for generators of chains of levels.
#ifndef NESS_BAND_H
#define NESS_BAND_H

#include "ness_base.h"

NESS_BEGIN_DECLS

typedef struct ness_dband ness_dband;

/// Order of the unknowns in which the entries of a square matrix lie near the diagonal: reverse
/// Cuthill and McKee on the pattern of A + A^T, component by component, each from an unknown at its
/// rim. `order` gets the unknown at every place; `half_width` the largest distance of an entry from
/// the diagonal in that order.
/// Cost: O(nonzeros log(largest row)). Errors: argument (no rows, not square, broken view), memory.
ness_status ness_band_order(const ness_dcsc *matrix, int64_t *order, int64_t *half_width);

/// Factorizes P A P^T with the places that `ness_band_order` found, by Gaussian elimination with
/// partial pivoting within the band. A copy of the matrix is kept for refinement.
/// `reciprocal_condition` gets the cheap estimate min|U_ii| / max|U_ii|.
/// Cost: 2 n w (2 w + 1) operations, 8 n (3 w + 2) bytes for the half width w.
/// Errors: argument (no rows, not square, broken view, values not finite, `order` not a
/// permutation, an entry outside of the half width), singular, memory, size.
ness_status ness_dband_create(const ness_dcsc *matrix, const int64_t *order, int64_t half_width,
                              double *reciprocal_condition,
                              ness_dband *NESS_NULLABLE *NESS_NONNULL out);

/// Bytes that factors of this size hold.
int64_t ness_dband_bytes(int64_t order, int64_t half_width);

/// Solves A x = b or A^T x = b. `refined` adds up to two steps of refinement, with residuals in
/// twice the precision unless transposed. `x` may not overlap `b`. Errors: memory.
ness_status ness_dband_solve(const ness_dband *lu, bool transposed, bool refined, const double *b,
                             double *x);

/// Releases factors; NULL is allowed.
void ness_dband_destroy(ness_dband *NESS_NULLABLE lu);

NESS_END_DECLS

#endif
