// Triangular Lyapunov equation by blocks: LAPACK's own routine works on single columns, which costs
// a factor of ten at order 500.
//
//     T X + X T^+ = Y,   rows bottom up, columns right to left:
//     T_II X_IJ + X_IJ T_JJ^+ = Y_IJ - sum_{I' > I} T_II' X_I'J - sum_{J' > J} X_IJ' T_JJ'^+
//
// X is Hermitian with Y, so blocks below the diagonal are copies. Cost about 4 n^3 complex
// multiplications and additions.

#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "jump_chain_private.h"

#include "dense_private.h"
#include "lapack.h"

#include <cblas.h>

enum { TILE = 32 };

// Diagonal tile of T with the shift taken off.
static void shifted_tile(int64_t n, const ness_complex *t, int64_t first, int64_t count,
                         double shift, ness_complex *tile) {
  for (int64_t j = 0; j < count; ++j) {
    for (int64_t i = 0; i < count; ++i) {
      tile[i + j * count] = t[first + i + (first + j) * n];
    }
    tile[j + j * count].re -= shift / 2;
  }
}

ness_status chain_triangular(int64_t n, const ness_complex *t, double shift, ness_complex *y) {
  const ness_complex one = {1, 0}, minus = {-1, 0};
  const int order = (int)n;
  ness_complex row_tile[TILE * TILE + TILE], column_tile[TILE * TILE + TILE];
  for (int64_t j = (n - 1) / TILE * TILE; j >= 0; j -= TILE) {
    const int width = (int)(n - j < TILE ? n - j : TILE), right = (int)(n - j) - width;
    const int64_t after = j + width;
    // What the columns to the right leave for rows up to the diagonal.
    if (right > 0) {
      cblas_zgemm(CblasColMajor, CblasNoTrans, CblasConjTrans, (int)after, width, right, &minus,
                  y + after * n, order, t + j + after * n, order, &one, y + j * n, order);
    }
    shifted_tile(n, t, j, width, shift, column_tile);
    for (int64_t i = j; i >= 0; i -= TILE) {
      const int height = (int)(n - i < TILE ? n - i : TILE), below = (int)(n - i) - height;
      if (below > 0) {
        cblas_zgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, height, width, below, &minus,
                    t + i + (i + height) * n, order, y + i + height + j * n, order, &one,
                    y + i + j * n, order);
      }
      shifted_tile(n, t, i, height, shift, row_tile);
      const int sign = 1;
      double scale;
      int info;
      ztrsyl_("N", "C", &sign, &height, &width, row_tile, &height, column_tile, &width,
              y + i + j * n, &order, &scale, &info, 1, 1);
      // Scaled down to avoid overflow, or eigenvalues moved to avoid a division by zero.
      if (info != 0 || scale != 1) {
        return NESS_ERR_SINGULAR;
      }
      for (int64_t b = 0; b < width; ++b) {
        for (int64_t a = 0; a < height; ++a) {
          const ness_complex x = y[i + a + (j + b) * n];
          y[j + b + (i + a) * n] = (ness_complex){x.re, -x.im};
        }
      }
    }
  }
  return NESS_OK;
}
