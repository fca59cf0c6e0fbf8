// Coefficients of the (4,5) Pade approximant (Hairer & Wanner, Solving Ordinary Differential
// Equations II, IV.3):
//   P = sum_j (9-j)! 4! / (9! j! (4-j)!) z^j,   Q = sum_j (9-j)! 5! / (9! j! (5-j)!) (-z)^j,
//   exp(z) - P/Q = (-1)^5 4! 5! / (9! 10!) z^10 + ...
//
// Output inside a step uses N(z)/Q(z)^2 with N the Taylor polynomial of degree nine of exp(theta z)
// Q(z)^2. It has order nine, vanishes at infinity, and is P Q / Q^2 = R at theta = 1; its error
// constant is below twice that of R.
//
// Everything is computed in extended precision and rounded once, because residues cancel by two
// digits.

#include "pade.h"

#include <complex.h>
#include <math.h>

enum { S = NESS_PADE_DEGREE, SQUARE = 2 * S };
typedef long double _Complex extended;

static long double factorial(int n) {
  long double product = 1;
  for (int k = 2; k <= n; ++k) {
    product *= k;
  }
  return product;
}

// p and q such that R = p/q, of degrees S - 1 and S.
static void coefficients(long double p[S + 1], long double q[S + 1]) {
  const int m = 2 * S - 1;
  for (int j = 0; j <= S; ++j) {
    const long double common = factorial(m - j) / (factorial(m) * factorial(j));
    p[j] = j < S ? common * factorial(S - 1) / factorial(S - 1 - j) : 0;
    q[j] = (j % 2 ? -1 : 1) * common * factorial(S) / factorial(S - j);
  }
}

static extended evaluate(int degree, const long double *polynomial, extended z) {
  extended value = 0;
  for (int j = degree; j >= 0; --j) {
    value = value * z + polynomial[j];
  }
  return value;
}

static extended derivative(const long double *q, extended z) {
  extended value = 0;
  for (int j = S; j >= 1; --j) {
    value = value * z + (long double)j * q[j];
  }
  return value;
}

// All roots at once (Durand 1960, Kerner 1966), from points on a spiral around the roots' mean
// modulus of about seven; the iteration count leaves a wide margin over the dozen that quadratic
// convergence needs.
static void find_roots(const long double *q, extended roots[S]) {
  extended guess = 7;
  for (int k = 0; k < S; ++k) {
    guess *= 0.4L + 0.9L * I;
    roots[k] = guess;
  }
  for (int iteration = 0; iteration < 200; ++iteration) {
    for (int k = 0; k < S; ++k) {
      extended divisor = q[S];
      for (int l = 0; l < S; ++l) {
        if (l != k) {
          divisor *= roots[k] - roots[l];
        }
      }
      roots[k] -= evaluate(S, q, roots[k]) / divisor;
    }
  }
}

static ness_complex rounded(extended z) {
  return (ness_complex){(double)creall(z), (double)cimagl(z)};
}

static ness_pade_weights fractions(const ness_pade *pade, const long double numerator[S + 1]) {
  const long double *q = pade->denominator;
  ness_pade_weights weights = {.constant = (double)(numerator[S] / q[S])};
  const extended pole = pade->real_pole;
  weights.real = (double)creall(-evaluate(S, numerator, pole) / derivative(q, pole));
  for (int k = 0; k < NESS_PADE_PAIRS; ++k) {
    const extended z = pade->pair_poles[k].re + pade->pair_poles[k].im * I;
    weights.pair[k] = rounded(-2 * evaluate(S, numerator, z) / derivative(q, z));
  }
  return weights;
}

void ness_pade_init(ness_pade *pade) {
  long double p[S + 1];
  long double *q = pade->denominator;
  coefficients(p, q);
  extended roots[S];
  find_roots(q, roots);
  int pairs = 0;
  for (int k = 0; k < S; ++k) {
    // The five roots are one real number near 6.3 and pairs with imaginary parts near 3.2 and 6.5.
    if (fabsl(cimagl(roots[k])) < 1) {
      pade->real_pole = (double)creall(roots[k]);
    } else if (cimagl(roots[k]) > 0 && pairs < NESS_PADE_PAIRS) {
      pade->pair_poles[pairs++] = rounded(roots[k]);
    }
  }
  long double change[S + 1] = {0};
  for (int j = 0; j < S; ++j) {
    change[j] = p[j + 1] - q[j + 1];
  }
  pade->step = fractions(pade, change);
  const long double fourth[S + 1] = {[4] = 1}, fifth[S + 1] = {[5] = 1};
  pade->fourth = fractions(pade, fourth);
  pade->fifth = fractions(pade, fifth);
  pade->error_constant =
      (double)(-factorial(S - 1) * factorial(S) / (factorial(2 * S - 1) * factorial(2 * S)));
}

void ness_pade_output(const ness_pade *pade, double theta, ness_pade_weights *first,
                      ness_pade_weights *second) {
  const long double *q = pade->denominator;
  long double square[SQUARE + 1] = {0};
  for (int i = 0; i <= S; ++i) {
    for (int j = 0; j <= S; ++j) {
      square[i + j] += q[i] * q[j];
    }
  }
  // m = (N - Q^2)/z, of degree nine; N - Q^2 is the Taylor polynomial of (exp(theta z) - 1) Q^2,
  // less z^10 of Q^2.
  long double m[SQUARE] = {0}, power = 1;
  for (int i = 1; i < SQUARE; ++i) {
    power *= (long double)theta / i;
    for (int j = 0; i + j < SQUARE; ++j) {
      m[i + j - 1] += power * square[j];
    }
  }
  m[SQUARE - 1] = -square[SQUARE];
  // m = a Q + z^5 b with a and b of degree four: a is the power series of m/Q, cut off.
  long double a[S + 1] = {0}, zb[S + 1] = {0};
  for (int j = 0; j < S; ++j) {
    a[j] = m[j];
    for (int i = 1; i <= j; ++i) {
      a[j] -= q[i] * a[j - i];
    }
    a[j] /= q[0];
  }
  for (int j = S; j < SQUARE; ++j) {
    long double rest = m[j];
    for (int i = j - (S - 1); i <= S; ++i) {
      rest -= q[i] * a[j - i];
    }
    zb[j - S + 1] = rest;
  }
  *first = fractions(pade, a);
  *second = fractions(pade, zb);
}
