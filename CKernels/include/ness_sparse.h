/// Sparse matrix algebra on compressed columns.
///
/// Letter `z`: complex, `d`: real. Results have sorted indices and no duplicates. Outputs of
/// unknown size use two calls: a `_count` that yields the number of entries, then the filling call.
/// Inputs must pass `_check`: the cheap routines here trust them and look at shapes only.
#ifndef NESS_SPARSE_H
#define NESS_SPARSE_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Checks a view: starts ascending from 0, indices in range, sorted and unique, values finite.
ness_status ness_zcsc_check(const ness_zcsc *matrix);
ness_status ness_dcsc_check(const ness_dcsc *matrix);

/// Transpose without conjugation (`conjugate` false) or adjoint (true).
/// `starts` has rows + 1 entries, `indices` and `values` as many as the input.
ness_status ness_zcsc_transpose(const ness_zcsc *matrix, bool conjugate, int64_t *starts,
                                int64_t *indices, ness_complex *values);
ness_status ness_dcsc_transpose(const ness_dcsc *matrix, int64_t *starts, int64_t *indices,
                                double *values);

/// Number of entries of the product a b (structural, cancellation ignored).
ness_status ness_zcsc_multiply_count(const ness_zcsc *a, const ness_zcsc *b, int64_t *count);
/// c = a b; `starts` has b.columns + 1 entries, `indices` and `values` the counted number.
ness_status ness_zcsc_multiply(const ness_zcsc *a, const ness_zcsc *b, int64_t *starts,
                               int64_t *indices, ness_complex *values);

/// y = a x (or y = a^+ x with `adjoint`). x and y must not overlap.
ness_status ness_zcsc_apply(const ness_zcsc *matrix, bool adjoint, const ness_complex *x,
                            ness_complex *y);
/// y = a x (or y = a^T x with `transposed`). x and y must not overlap.
ness_status ness_dcsc_apply(const ness_dcsc *matrix, bool transposed, const double *x, double *y);

/// Y = a X with X (a.columns x width) and Y (a.rows x width) dense, column-major, not overlapping.
ness_status ness_zcsc_apply_dense(const ness_zcsc *matrix, int64_t width, const ness_complex *x,
                                  ness_complex *y);

/// Weakly connected components of the graph of a square sparsity pattern.
/// `labels` has `columns` entries, numbered in order of first appearance; `count` components.
ness_status ness_pattern_components(int64_t columns, const int64_t *starts, const int64_t *indices,
                                    int64_t *labels, int64_t *count);

NESS_END_DECLS

#endif
