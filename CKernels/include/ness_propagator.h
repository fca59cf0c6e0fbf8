/// Time evolution of linear systems y' = A y with a real sparse matrix, for stiff A.
///
/// One step of length h applies the subdiagonal Pade approximant R(hA), R = P_{s-1} / Q_s (Radau IIA with s = 5 stages,
/// order 9, L-stable; Hairer & Wanner, Solving Ordinary Differential Equations II, IV.3 and IV.5), by partial fractions:
/// one real and two complex sparse factorizations serve every step of that length.
#ifndef NESS_PROPAGATOR_H
#define NESS_PROPAGATOR_H

#include "ness_base.h"

NESS_BEGIN_DECLS

typedef struct ness_propagator_info {
  int64_t steps;           ///< Accepted steps.
  int64_t rejected;        ///< Rejected steps.
  int64_t factorizations;  ///< Sparse factorizations, real and complex together.
  double error;            ///< Accumulated estimate of the local errors, maximum norm, relative to the state's scale.
} ness_propagator_info;

/// Values of y at ascending times: column j of `y` (order x count) is y(times[j]), y(0) = y0, times[0] >= 0.
/// `tolerance` bounds the estimated error per unit of max|y0| over the whole interval.
/// Step sizes are powers of two of a base step so that factorizations are reused.
/// Errors: argument, memory, convergence (step size underflow), singular.
ness_status ness_dpropagate(const ness_dcsc *matrix, const double *y0, int64_t count,
                            const double *times, double tolerance, double *y,
                            ness_propagator_info *info);

NESS_END_DECLS

#endif
