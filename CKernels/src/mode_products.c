// Products along one index of an array with several, the others taken together as an outer and an
// inner one. The inner index is cut into tiles: all levels of a tile stay in the first cache while
// they are combined, and a tile of partial sums vectorizes without reordering a sum.
#include "local_bases_private.h"

#include <string.h>

enum { TILE = 128, LANES = 8 };

static inline int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

NESS_CLONES void ness_dmode_product(int64_t outer, int64_t from, int64_t to, int64_t inner,
                                    const double *restrict matrix, int64_t row, int64_t column,
                                    const double *restrict x, double *restrict y) {
  if (inner == 1) {
    for (int64_t o = 0; o < outer; ++o) {
      for (int64_t t = 0; t < to; ++t) {
        double sum = 0;
        for (int64_t f = 0; f < from; ++f) {
          sum += matrix[t * row + f * column] * x[o * from + f];
        }
        y[o * to + t] = sum;
      }
    }
    return;
  }
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t first = 0; first < inner; first += TILE) {
      const int64_t width = least(TILE, inner - first);
      for (int64_t t = 0; t < to; ++t) {
        double sums[TILE] = {0};
        for (int64_t f = 0; f < from; ++f) {
          const double c = matrix[t * row + f * column];
          const double *source = x + (o * from + f) * inner + first;
          for (int64_t i = 0; i < width; ++i) {
            sums[i] += c * source[i];
          }
        }
        memcpy(y + (o * to + t) * inner + first, sums, (size_t)width * sizeof *sums);
      }
    }
  }
}

NESS_CLONES void ness_dmode_overlap(int64_t outer, int64_t from, int64_t to, int64_t inner,
                                    const double *restrict x, const double *restrict y,
                                    double *restrict overlap) {
  memset(overlap, 0, (size_t)(from * to) * sizeof *overlap);
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t first = 0; first < inner; first += TILE) {
      const int64_t width = least(TILE, inner - first);
      for (int64_t f = 0; f < from; ++f) {
        const double *right = x + (o * from + f) * inner + first;
        for (int64_t t = 0; t < to; ++t) {
          const double *left = y + (o * to + t) * inner + first;
          // Lanes fix the order of the sum, so that the compiler may use vectors.
          double sums[LANES] = {0};
          int64_t i = 0;
          for (; i + LANES <= width; i += LANES) {
            for (int64_t lane = 0; lane < LANES; ++lane) {
              sums[lane] += left[i + lane] * right[i + lane];
            }
          }
          double sum = 0;
          for (; i < width; ++i) {
            sum += left[i] * right[i];
          }
          for (int64_t lane = 0; lane < LANES; ++lane) {
            sum += sums[lane];
          }
          overlap[t + f * to] += sum;
        }
      }
    }
  }
}

NESS_CLONES void ness_zmode_adjoint_product(int64_t outer, int64_t n, int64_t inner,
                                            const ness_complex *restrict matrix,
                                            const ness_complex *restrict x,
                                            ness_complex *restrict y) {
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t first = 0; first < inner; first += TILE) {
      const int64_t width = least(TILE, inner - first);
      for (int64_t t = 0; t < n; ++t) {
        ness_complex *target = y + (o * n + t) * inner + first;
        memset(target, 0, (size_t)width * sizeof *target);
        for (int64_t f = 0; f < n; ++f) {
          const double re = matrix[f + n * t].re, im = -matrix[f + n * t].im;
          const ness_complex *source = x + (o * n + f) * inner + first;
          for (int64_t i = 0; i < width; ++i) {
            target[i].re += re * source[i].re - im * source[i].im;
            target[i].im += re * source[i].im + im * source[i].re;
          }
        }
      }
    }
  }
}

NESS_CLONES void ness_zmode_overlap(int64_t outer, int64_t n, int64_t inner,
                                    const ness_complex *restrict x, const ness_complex *restrict y,
                                    ness_complex *restrict overlap) {
  memset(overlap, 0, (size_t)(n * n) * sizeof *overlap);
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t first = 0; first < inner; first += TILE) {
      const int64_t width = least(TILE, inner - first);
      for (int64_t b = 0; b < n; ++b) {
        const ness_complex *right = x + (o * n + b) * inner + first;
        for (int64_t a = 0; a < n; ++a) {
          const ness_complex *left = y + (o * n + a) * inner + first;
          double re[LANES] = {0}, im[LANES] = {0};
          int64_t i = 0;
          for (; i + LANES <= width; i += LANES) {
            for (int64_t lane = 0; lane < LANES; ++lane) {
              const ness_complex l = left[i + lane], r = right[i + lane];
              re[lane] += l.re * r.re + l.im * r.im;
              im[lane] += l.re * r.im - l.im * r.re;
            }
          }
          ness_complex sum = {0, 0};
          for (; i < width; ++i) {
            sum.re += left[i].re * right[i].re + left[i].im * right[i].im;
            sum.im += left[i].re * right[i].im - left[i].im * right[i].re;
          }
          for (int64_t lane = 0; lane < LANES; ++lane) {
            sum.re += re[lane];
            sum.im += im[lane];
          }
          overlap[a + n * b].re += sum.re;
          overlap[a + n * b].im += sum.im;
        }
      }
    }
  }
}
