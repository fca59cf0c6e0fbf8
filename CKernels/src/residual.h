// Residuals in twice the working precision.
#ifndef NESS_RESIDUAL_H
#define NESS_RESIDUAL_H

#include "ness_base.h"

// r = b - (shift - A) x, each component correctly rounded up to cancellation beyond 32 digits.
// `scratch` has twice as many doubles as r. No two arrays may overlap.
void ness_dshift_residual(const ness_dcsc *matrix, double shift, const double *b, const double *x,
                          double *r, double *scratch);
void ness_zshift_residual(const ness_dcsc *matrix, ness_complex shift, const ness_complex *b,
                          const ness_complex *x, ness_complex *r, double *scratch);

#endif
