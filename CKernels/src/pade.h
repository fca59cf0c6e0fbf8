// Partial fractions of the (4,5) Pade approximant of the exponential and of the functions that
// share its poles.
//
// With z = hA and Q the denominator, a numerator N of degree at most five gives
//   N(z)/Q(z) x = constant x + real w0 + sum over pairs Re(pair w),   w = (pole - z)^-1 x,
// where w0 belongs to the real pole and w to the pole with positive imaginary part, whose conjugate
// is accounted for.
#ifndef NESS_PADE_H
#define NESS_PADE_H

#include "ness_base.h"

enum { NESS_PADE_DEGREE = 5, NESS_PADE_PAIRS = 2 };

typedef struct ness_pade_weights {
  double constant, real;
  ness_complex pair[NESS_PADE_PAIRS];
} ness_pade_weights;

typedef struct ness_pade {
  long double denominator[NESS_PADE_DEGREE + 1];
  double real_pole;
  ness_complex pair_poles[NESS_PADE_PAIRS];
  // (R - 1)/z: applied to z y it is the change of y over a step.
  ness_pade_weights step;
  // z^4/Q, applied to z y, and z^5/Q, applied to the result: together z^10/Q^2 y.
  ness_pade_weights fourth, fifth;
  // exp(z) - R(z) = error_constant z^10/Q(z)^2 + O(z^11).
  double error_constant;
} ness_pade;

void ness_pade_init(ness_pade *pade);

// Change of y after the fraction `theta` of a step: `first` applied to z y plus `second` applied to
// z^4/Q z y.
void ness_pade_output(const ness_pade *pade, double theta, ness_pade_weights *first,
                      ness_pade_weights *second);

#endif
