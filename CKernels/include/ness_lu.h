/// Sparse LU factorization of square matrices (UMFPACK), complex (`z`) and real (`d`).
#ifndef NESS_LU_H
#define NESS_LU_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// How pivots are looked for.
typedef enum NESS_OPEN_ENUM ness_lu_strategy {
  NESS_LU_STRATEGY_AUTO NESS_SWIFT_NAME(automatic) = 0,
  NESS_LU_STRATEGY_SYMMETRIC NESS_SWIFT_NAME(symmetric) = 1,
  NESS_LU_STRATEGY_UNSYMMETRIC NESS_SWIFT_NAME(unsymmetric) = 2
} ness_lu_strategy;

/// Fill-reducing ordering.
typedef enum NESS_OPEN_ENUM ness_lu_ordering {
  NESS_LU_ORDERING_AMD NESS_SWIFT_NAME(amd) = 0,
  NESS_LU_ORDERING_METIS NESS_SWIFT_NAME(metis) = 1,
  NESS_LU_ORDERING_BEST NESS_SWIFT_NAME(best) = 2,
  NESS_LU_ORDERING_NONE NESS_SWIFT_NAME(none) = 3
} ness_lu_ordering;

/// Options; `ness_lu_default_options` gives symmetric strategy, METIS, two refinement steps.
typedef struct ness_lu_options {
  ness_lu_strategy strategy;
  ness_lu_ordering ordering;
  int32_t refinement_steps; ///< Upper bound on iterative refinement steps per solve, >= 0.
} ness_lu_options;

/// Options measured best on vectorized Lindblad generators.
ness_lu_options ness_lu_default_options(void);

/// What a factorization cost and how trustworthy it is.
typedef struct ness_lu_info {
  int64_t order;               ///< Matrix order.
  int64_t nonzeros;            ///< Entries of the matrix.
  int64_t factor_nonzeros;     ///< Entries of L and U together.
  double flops;                ///< Floating-point operations of the numeric phase.
  double reciprocal_condition; ///< UMFPACK's cheap estimate min|U_ii| / max|U_ii|.
  size_t peak_bytes;           ///< Peak memory of analysis and factorization.
  size_t factor_bytes;         ///< Memory held by the factors.
} ness_lu_info;

typedef struct ness_zlu ness_zlu;
typedef struct ness_dlu ness_dlu;

/// Fill-reducing ordering of one sparsity pattern, counted by reference: factors keep the analysis
/// they came from alive, so it may be released before them.
typedef struct ness_zlu_analysis ness_zlu_analysis;
typedef struct ness_dlu_analysis ness_dlu_analysis;

/// Analyzes a square matrix of order at least one; keeps its pattern, not its values.
/// `info` gets order, nonzeros and peak memory.
/// Thread rule: METIS keeps random state and sets signal handlers, both global; a caller must not
/// run two analyses with METIS ordering (or "best", which tries it) at once. The Swift facade holds
/// a lock. Errors: argument (also for broken views and values that are not finite), memory,
/// library.
ness_status ness_zlu_analyze(const ness_zcsc *matrix, const ness_lu_options *options,
                             ness_lu_info *info,
                             ness_zlu_analysis *NESS_NULLABLE *NESS_NONNULL out);
ness_status ness_dlu_analyze(const ness_dcsc *matrix, const ness_lu_options *options,
                             ness_lu_info *info,
                             ness_dlu_analysis *NESS_NULLABLE *NESS_NONNULL out);

/// Factorizes the matrix with the analyzed pattern and the given `nonzeros` values, which must be
/// finite; copies them. `info` is filled also when the matrix is singular. An analysis may serve
/// several threads. Errors: memory, singular, library.
ness_status ness_zlu_factorize(ness_zlu_analysis *analysis, const ness_complex *values,
                               ness_lu_info *info, ness_zlu *NESS_NULLABLE *NESS_NONNULL out);
ness_status ness_dlu_factorize(ness_dlu_analysis *analysis, const double *values,
                               ness_lu_info *info, ness_dlu *NESS_NULLABLE *NESS_NONNULL out);

/// Gives up the caller's share of an analysis.
void ness_zlu_analysis_release(ness_zlu_analysis *NESS_NULLABLE analysis);
void ness_dlu_analysis_release(ness_dlu_analysis *NESS_NULLABLE analysis);

/// Analyzes and factorizes in one call, with the thread rule and the errors of both.
ness_status ness_zlu_create(const ness_zcsc *matrix, const ness_lu_options *options,
                            ness_lu_info *info, ness_zlu *NESS_NULLABLE *NESS_NONNULL out);
ness_status ness_dlu_create(const ness_dcsc *matrix, const ness_lu_options *options,
                            ness_lu_info *info, ness_dlu *NESS_NULLABLE *NESS_NONNULL out);

/// What a factorization would cost, from the pattern: factor_nonzeros, flops, factor_bytes and
/// peak_bytes of the minimum-degree ordering with diagonal pivots; nested dissection usually needs
/// less, off-diagonal pivots more.
ness_status ness_dlu_estimate(const ness_dcsc *matrix, ness_lu_info *info);

/// New factors for new values on the same pattern, reusing the symbolic analysis of `pattern`,
/// which is unchanged and remains valid. Errors: as create; argument when the patterns differ. No
/// thread rule.
ness_status ness_zlu_create_like(const ness_zlu *pattern, const ness_zcsc *matrix,
                                 ness_lu_info *info, ness_zlu *NESS_NULLABLE *NESS_NONNULL out);
ness_status ness_dlu_create_like(const ness_dlu *pattern, const ness_dcsc *matrix,
                                 ness_lu_info *info, ness_dlu *NESS_NULLABLE *NESS_NONNULL out);

/// Solves a X = B (or a^H X = B for `z`, a^T X = B for `d`, with `adjoint`) for `width` right-hand
/// sides, column-major, order x width each; X and B must not overlap.
ness_status ness_zlu_solve(const ness_zlu *lu, bool adjoint, int64_t width, const ness_complex *b,
                           ness_complex *x);
ness_status ness_dlu_solve(const ness_dlu *lu, bool transposed, int64_t width, const double *b,
                           double *x);

void ness_zlu_destroy(ness_zlu *NESS_NULLABLE lu);
void ness_dlu_destroy(ness_dlu *NESS_NULLABLE lu);

NESS_END_DECLS

#endif
