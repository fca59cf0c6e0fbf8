// exp(A) - 1 = F by scaling and squaring: the Taylor series of F for A / 2^s, then F <- 2 F + F^2 s
// times. The identity is never added, so small A keep their relative accuracy.

#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "dense_private.h"
#include "ness_dense.h"

#include <cblas.h>
#include <string.h>

// 1-norm of the scaled matrix, and terms after which its series is below rounding: 0.5^15/15! =
// 2e-17.
static const double SCALED_NORM = 0.5;
enum { TERMS = 15, MOST_SQUARINGS = 61 };

static double norm(int64_t n, const double *a) {
  double largest = 0;
  for (int64_t j = 0; j < n; ++j) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      sum += fabs(a[i + j * n]);
    }
    largest = fmax(largest, sum);
  }
  return largest;
}

// c = factor (a + a b).
static void horner(int64_t n, double factor, const double *a, const double *b, double *c) {
  memcpy(c, a, (size_t)(n * n) * sizeof *c);
  cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)n, (int)n, factor, a, (int)n,
              b, (int)n, factor, c, (int)n);
}

ness_status ness_dexpm1(int64_t n, const double *a, double *out) {
  int64_t size;
  ness_status status = ness_dense_size(n, n, &size);
  if (status != NESS_OK || size == 0) {
    return status;
  }
  if (!ness_all_finite(size, a)) {
    return NESS_ERR_ARGUMENT;
  }
  double scale = norm(n, a);
  int squarings = 0;
  for (; scale > SCALED_NORM && squarings < MOST_SQUARINGS; ++squarings) {
    scale /= 2;
  }
  if (scale > SCALED_NORM) {
    return NESS_ERR_OVERFLOW;
  }
  double *const scaled = ness_alloc(size, sizeof *scaled);
  double *now = ness_alloc(size, sizeof *now);
  double *other = ness_alloc(size, sizeof *other);
  if (scaled == NULL || now == NULL || other == NULL) {
    status = NESS_ERR_MEMORY;
    goto done;
  }
  for (int64_t k = 0; k < size; ++k) {
    scaled[k] = ldexp(a[k], -squarings);
    now[k] = scaled[k] / (double)TERMS;
  }
  // F = A (1 + A/2 (1 + A/3 (...))): each bracket is 1 + `now`.
  for (int term = TERMS - 1; term >= 1; --term) {
    horner(n, 1.0 / term, scaled, now, other);
    double *const swap = now;
    now = other;
    other = swap;
  }
  for (int k = 0; k < squarings; ++k) {
    for (int64_t at = 0; at < size; ++at) {
      other[at] = 2 * now[at];
    }
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)n, (int)n, 1, now, (int)n,
                now, (int)n, 1, other, (int)n);
    double *const swap = now;
    now = other;
    other = swap;
  }
  status = ness_all_finite(size, now) ? NESS_OK : NESS_ERR_NOT_FINITE;
  if (status == NESS_OK) {
    memcpy(out, now, (size_t)size * sizeof *out);
  }
done:
  ness_free(other);
  ness_free(now);
  ness_free(scaled);
  return status;
}
