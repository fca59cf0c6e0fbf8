// Sums of products with their rounding errors kept (Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26
// (2005) 1955, "Dot2").
//
// Contraction would merge the product that an error is computed for with the sum that follows.
#pragma STDC FP_CONTRACT OFF

#include "residual.h"

#include "ness_internal.h"

#include <math.h>

// high + low += a x.
static inline __attribute__((always_inline)) void accumulate(double *high, double *low, double a,
                                                             double x) {
  const double product = a * x;
  const double product_error = fma(a, x, -product);
  const double sum = *high + product;
  const double part = sum - *high;
  const double sum_error = (*high - (sum - part)) + (product - part);
  *high = sum;
  *low += product_error + sum_error;
}

// `width` doubles per component: one, or two interleaved parts on both of which the real matrix
// acts.
static inline __attribute__((always_inline)) void
residual(const ness_dcsc *matrix, int64_t width, double shift, double imaginary_shift,
         const double *restrict b, const double *restrict x, double *restrict r,
         double *restrict scratch) {
  const int64_t n = matrix->rows;
  double *restrict high = scratch, *restrict low = scratch + width * n;
  for (int64_t i = 0; i < width * n; ++i) {
    high[i] = b[i];
    low[i] = 0;
    accumulate(&high[i], &low[i], -shift, x[i]);
  }
  if (width == 2) {
    for (int64_t i = 0; i < 2 * n; i += 2) {
      accumulate(&high[i], &low[i], imaginary_shift, x[i + 1]);
      accumulate(&high[i + 1], &low[i + 1], -imaginary_shift, x[i]);
    }
  }
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      for (int64_t part = 0; part < width; ++part) {
        const int64_t i = width * matrix->indices[k] + part;
        accumulate(&high[i], &low[i], matrix->values[k], x[width * j + part]);
      }
    }
  }
  for (int64_t i = 0; i < width * n; ++i) {
    r[i] = high[i] + low[i];
  }
}

NESS_CLONES static void residual_d(const ness_dcsc *matrix, double shift, const double *b,
                                   const double *x, double *r, double *scratch) {
  residual(matrix, 1, shift, 0, b, x, r, scratch);
}

NESS_CLONES static void residual_z(const ness_dcsc *matrix, ness_complex shift, const double *b,
                                   const double *x, double *r, double *scratch) {
  residual(matrix, 2, shift.re, shift.im, b, x, r, scratch);
}

void ness_dshift_residual(const ness_dcsc *matrix, double shift, const double *b, const double *x,
                          double *r, double *scratch) {
  residual_d(matrix, shift, b, x, r, scratch);
}

void ness_zshift_residual(const ness_dcsc *matrix, ness_complex shift, const ness_complex *b,
                          const ness_complex *x, ness_complex *r, double *scratch) {
  residual_z(matrix, shift, (const double *)b, (const double *)x, (double *)r, scratch);
}
