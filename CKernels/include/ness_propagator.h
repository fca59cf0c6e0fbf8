/// Time evolution of linear systems y' = A y with a real sparse matrix, for stiff A.
///
/// One step of length h applies the subdiagonal Pade approximant R(hA), R = P_{s-1} / Q_s (Radau
/// IIA with s = 5 stages, order 9, L-stable; Hairer & Wanner, Solving Ordinary Differential
/// Equations II, IV.3 and IV.5), by partial fractions: one real and two complex sparse
/// factorizations serve every step of that length. Times of output inside a step are reached from
/// the same factorizations, to the same order.
#ifndef NESS_PROPAGATOR_H
#define NESS_PROPAGATOR_H

#include "ness_base.h"
#include "ness_lu.h"

NESS_BEGIN_DECLS

/// A matrix with the orderings of its shifted factorizations. Read-only after creation.
typedef struct ness_dpropagator ness_dpropagator;

typedef struct ness_propagator_info {
  int64_t steps;          ///< Accepted steps.
  int64_t rejected;       ///< Rejected steps.
  int64_t factorizations; ///< Sparse factorizations, real and complex together.
  size_t
      peak_bytes; ///< Largest memory of the factorizations held at once, and of the one being made.
  double error;   ///< Sum of the bounds on local errors, maximum norm, per unit of max|y0|; at most
                  ///< the tolerance.
} ness_propagator_info;

/// Copies a square matrix and orders its shifts; `refinement_steps` is not used, the propagator
/// refines by itself. Thread rule: that of `ness_dlu_analyze`. Errors: argument, memory, library.
ness_status ness_dpropagator_create(const ness_dcsc *matrix, const ness_lu_options *options,
                                    ness_dpropagator *NESS_NULLABLE *NESS_NONNULL out);

/// Values of y at ascending times: column j of `y` (order x count) is y(times[j]), y(0) = y0,
/// times[0] >= 0. `tolerance` > 0 bounds the sum of the local errors, in the maximum norm per unit
/// of max|y0|; for a semigroup that does not amplify, the global error is no larger. Rounding adds
/// about 1e-14 per unit of change of y, even for rates of very different size: linear systems are
/// refined with residuals in twice the working precision. What the matrix itself lacks stays:
/// columns that should add up to zero but are rounded leak at the rate of their sum. Step sizes are
/// powers of two of one another so that factorizations are reused; at most two sizes are kept at a
/// time. Errors: argument (also for values that are not finite), memory, convergence (step size
/// underflow, overflow of a growing solution), singular (a shift meets an eigenvalue, impossible
/// unless solutions grow), library.
ness_status ness_dpropagate(const ness_dpropagator *propagator, const double *y0, int64_t count,
                            const double *times, double tolerance, double *y,
                            ness_propagator_info *info);

void ness_dpropagator_destroy(ness_dpropagator *NESS_NULLABLE propagator);

NESS_END_DECLS

#endif
