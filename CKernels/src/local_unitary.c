// Exponentials of small Hermitian matrices H = sum_a x_a Lambda_a and their derivatives.
//
// With H = Q diag(w) Q^+, the derivative of exp(iH) in the direction D is (Daleckii and Krein)
//   Q [ (Q^+ i D Q) o Phi ] Q^+, Phi_jk = (e^{i w_j} - e^{i w_k}) / (i (w_j - w_k))
//                                     = e^{i (w_j + w_k)/2} sin(d)/d, d = (w_j - w_k)/2,
// o the product entry by entry. The second form needs no case for close eigenvalues. Hence
//   d Re tr(Y^+ exp(iH)) = Re tr(F D), F = i Q [ (Q^+ Y^+ Q) o Phi ] Q^+.
#include "local_bases_private.h"
#include "ness_dense.h"

#include <math.h>
#include <string.h>

static inline ness_complex times(ness_complex a, ness_complex b) {
  return (ness_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static inline ness_complex conjugate(ness_complex a) {
  return (ness_complex){a.re, -a.im};
}

void ness_small_multiply(int64_t n, bool adjoint, const ness_complex *a, const ness_complex *b,
                         ness_complex *c) {
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t i = 0; i < n; ++i) {
      ness_complex sum = {0, 0};
      for (int64_t k = 0; k < n; ++k) {
        const ness_complex left = adjoint ? conjugate(a[k + n * i]) : a[i + n * k];
        const ness_complex term = times(left, b[k + n * j]);
        sum.re += term.re;
        sum.im += term.im;
      }
      c[i + n * j] = sum;
    }
  }
}

ness_status ness_unitary_create(int64_t n, ness_unitary *unitary) {
  int64_t size;
  *unitary = (ness_unitary){0};
  if (!ness_product(n, n, &size)) {
    return NESS_ERR_OVERFLOW;
  }
  unitary->vectors = ness_alloc(size, sizeof *unitary->vectors);
  unitary->values = ness_alloc(n, sizeof *unitary->values);
  unitary->exponential = ness_alloc(size, sizeof *unitary->exponential);
  unitary->scratch[0] = ness_alloc(size, sizeof *unitary->scratch[0]);
  unitary->scratch[1] = ness_alloc(size, sizeof *unitary->scratch[1]);
  const bool complete = unitary->vectors != NULL && unitary->values != NULL &&
                        unitary->exponential != NULL && unitary->scratch[0] != NULL &&
                        unitary->scratch[1] != NULL;
  return complete ? NESS_OK : NESS_ERR_MEMORY;
}

void ness_unitary_destroy(ness_unitary *unitary) {
  ness_free(unitary->vectors);
  ness_free(unitary->values);
  ness_free(unitary->exponential);
  ness_free(unitary->scratch[0]);
  ness_free(unitary->scratch[1]);
}

// Diagonal entries of the diagonal matrix number b: `head` for indices below b, -b head at b.
static double diagonal_head(int64_t b) {
  return sqrt(2.0 / (double)(b * (b + 1)));
}

// out = m Q^+ for square m and Q of order n.
static void times_adjoint(int64_t n, const ness_complex *m, const ness_complex *q,
                          ness_complex *out) {
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t i = 0; i < n; ++i) {
      ness_complex sum = {0, 0};
      for (int64_t k = 0; k < n; ++k) {
        const ness_complex term = times(m[i + n * k], conjugate(q[j + n * k]));
        sum.re += term.re;
        sum.im += term.im;
      }
      out[i + n * j] = sum;
    }
  }
}

ness_status ness_unitary_exponential(int64_t n, bool diagonal, const double *angles,
                                     ness_unitary *unitary) {
  ness_complex *h = unitary->scratch[0];
  memset(h, 0, (size_t)(n * n) * sizeof *h);
  int64_t next = 0;
  for (int64_t b = 1; b < n; ++b) {
    for (int64_t a = 0; a < b; ++a) {
      // Only the lower triangle is read: entry (b, a) is x + i y.
      h[b + n * a] = (ness_complex){angles[next], angles[next + 1]};
      next += 2;
    }
    if (diagonal) {
      const double head = angles[next++] * diagonal_head(b);
      for (int64_t a = 0; a < b; ++a) {
        h[a + n * a].re += head;
      }
      h[b + n * b].re -= (double)b * head;
    }
  }
  const ness_status status = ness_zeigh(n, h, unitary->values, unitary->vectors);
  if (status != NESS_OK) {
    return status == NESS_ERR_ARGUMENT ? NESS_ERR_CONVERGENCE : status;
  }
  ness_complex *scaled = unitary->scratch[0];
  for (int64_t j = 0; j < n; ++j) {
    const ness_complex phase = {cos(unitary->values[j]), sin(unitary->values[j])};
    for (int64_t i = 0; i < n; ++i) {
      scaled[i + n * j] = times(unitary->vectors[i + n * j], phase);
    }
  }
  times_adjoint(n, scaled, unitary->vectors, unitary->exponential);
  return NESS_OK;
}

void ness_unitary_gradient(int64_t n, bool diagonal, const ness_complex *y, ness_unitary *unitary,
                           double *gradient) {
  ness_complex *first = unitary->scratch[0], *second = unitary->scratch[1];
  // Y^+ Q, then Q^+ (Y^+ Q).
  ness_small_multiply(n, true, y, unitary->vectors, first);
  ness_small_multiply(n, true, unitary->vectors, first, second);
  for (int64_t k = 0; k < n; ++k) {
    for (int64_t j = 0; j < n; ++j) {
      const double half = (unitary->values[j] - unitary->values[k]) / 2;
      const double mean = (unitary->values[j] + unitary->values[k]) / 2;
      const double ratio = fabs(half) < 1e-8 ? 1 : sin(half) / half;
      const ness_complex phi = {-ratio * sin(mean), ratio * cos(mean)}; // i Phi
      second[j + n * k] = times(second[j + n * k], phi);
    }
  }
  ness_small_multiply(n, false, unitary->vectors, second, first);
  times_adjoint(n, first, unitary->vectors, second);
  const ness_complex *f = second;
  int64_t next = 0;
  for (int64_t b = 1; b < n; ++b) {
    for (int64_t a = 0; a < b; ++a) {
      gradient[next] = f[b + n * a].re + f[a + n * b].re;
      gradient[next + 1] = f[b + n * a].im - f[a + n * b].im;
      next += 2;
    }
    if (diagonal) {
      double sum = -(double)b * f[b + n * b].re;
      for (int64_t a = 0; a < b; ++a) {
        sum += f[a + n * a].re;
      }
      gradient[next++] = sum * diagonal_head(b);
    }
  }
}
