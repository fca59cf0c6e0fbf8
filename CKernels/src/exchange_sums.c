// Sums over lanes may be reordered: they are sums of products of numbers below one.

#include "exchange_private.h"
#include "ness_internal.h"

enum { LANES = NESS_EXCHANGE_LANES, SLOTS = NESS_EXCHANGE_SLOTS, CELL = 4 * LANES };

// a conj(b), summed with weights.
static inline void add(const double *w, const double *ar, const double *ai, const double *br,
                       const double *bi, double *re, double *im) {
#pragma clang fp reassociate(on)
  double real = 0, imaginary = 0;
  for (int lane = 0; lane < LANES; ++lane) {
    real += w[lane] * (ar[lane] * br[lane] + ai[lane] * bi[lane]);
    imaginary += w[lane] * (ai[lane] * br[lane] - ar[lane] * bi[lane]);
  }
  *re = real;
  *im = imaginary;
}

NESS_CLONES void ness_exchange_add_squares(int64_t width, const double *weights,
                                           ness_exchange_column psi, double *out) {
  for (int64_t cell = 0; cell < width; ++cell, out += SLOTS) {
    const double *r = psi.re + cell * CELL, *i = psi.im + cell * CELL;
    double real, imaginary;
    for (int n = 0; n < 4; ++n) {
      add(weights, r + n * LANES, i + n * LANES, r + n * LANES, i + n * LANES, &real, &imaginary);
      out[n] += real;
    }
    if (cell + 1 < width) {
      const double *r10 = r + CELL + 2 * LANES, *i10 = i + CELL + 2 * LANES;
      add(weights, r + LANES, i + LANES, r10, i10, &real, &imaginary);
      out[4] += real;
      out[5] += imaginary;
    }
  }
}

NESS_CLONES void ness_exchange_add_products(int64_t width, const double *weights,
                                            ness_exchange_column phi, ness_exchange_column chi,
                                            double *real, double *imaginary) {
  for (int64_t cell = 0; cell < width; ++cell, real += SLOTS, imaginary += SLOTS) {
    const double *pr = phi.re + cell * CELL, *pi = phi.im + cell * CELL;
    const double *cr = chi.re + cell * CELL, *ci = chi.im + cell * CELL;
    double gr, gi, fr, fi;
    for (int n = 0; n < 4; ++n) {
      const int at = n * LANES;
      add(weights, pr + at, pi + at, cr + at, ci + at, &gr, &gi);
      // 2 Re z and 2 Re(i z) of z = phi conj(chi).
      real[n] += 2 * gr;
      imaginary[n] -= 2 * gi;
    }
    if (cell + 1 < width) {
      const int one = LANES, two = CELL + 2 * LANES;
      add(weights, pr + one, pi + one, cr + two, ci + two, &gr, &gi);
      add(weights, cr + one, ci + one, pr + two, pi + two, &fr, &fi);
      real[4] += gr + fr;
      real[5] += gi + fi;
      imaginary[4] -= gi - fi;
      imaginary[5] += gr - fr;
    }
  }
}
