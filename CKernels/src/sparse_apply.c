// Sparse matrix times dense vector or block of vectors.
//
// The plain product scatters columns; the adjoint gathers them. A block of vectors is regrouped so
// that the entries of one row lie side by side, real parts before imaginary parts: each matrix
// entry then meets whole vector registers, and the matrix is read once per block instead of once
// per column.

#include "ness_internal.h"
#include "ness_sparse.h"

#include <string.h>

NESS_CLONES static void scatter_z(const ness_zcsc *matrix, const ness_complex *restrict x,
                                  ness_complex *restrict y) {
  const int64_t *restrict starts = matrix->starts, *restrict indices = matrix->indices;
  const ness_complex *restrict values = matrix->values;
  memset(y, 0, (size_t)matrix->rows * sizeof *y);
  for (int64_t j = 0; j < matrix->columns; ++j) {
    const ness_complex xj = x[j];
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      const ness_complex v = values[k];
      ness_complex *target = &y[indices[k]];
      target->re += v.re * xj.re - v.im * xj.im;
      target->im += v.re * xj.im + v.im * xj.re;
    }
  }
}

NESS_CLONES static void gather_z(const ness_zcsc *matrix, const ness_complex *restrict x,
                                 ness_complex *restrict y) {
  const int64_t *restrict starts = matrix->starts, *restrict indices = matrix->indices;
  const ness_complex *restrict values = matrix->values;
  for (int64_t j = 0; j < matrix->columns; ++j) {
    double re = 0, im = 0;
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      const ness_complex v = values[k], xi = x[indices[k]];
      re += v.re * xi.re + v.im * xi.im;
      im += v.re * xi.im - v.im * xi.re;
    }
    y[j] = (ness_complex){re, im};
  }
}

ness_status ness_zcsc_apply(const ness_zcsc *matrix, bool adjoint, const ness_complex *x,
                            ness_complex *y) {
  if (matrix->rows < 0 || matrix->columns < 0) {
    return NESS_ERR_ARGUMENT;
  }
  if (adjoint) {
    gather_z(matrix, x, y);
  } else {
    scatter_z(matrix, x, y);
  }
  return NESS_OK;
}

NESS_CLONES static void scatter_d(const ness_dcsc *matrix, const double *restrict x,
                                  double *restrict y) {
  const int64_t *restrict starts = matrix->starts, *restrict indices = matrix->indices;
  const double *restrict values = matrix->values;
  memset(y, 0, (size_t)matrix->rows * sizeof *y);
  for (int64_t j = 0; j < matrix->columns; ++j) {
    const double xj = x[j];
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      y[indices[k]] += values[k] * xj;
    }
  }
}

NESS_CLONES static void gather_d(const ness_dcsc *matrix, const double *restrict x,
                                 double *restrict y) {
  const int64_t *restrict starts = matrix->starts, *restrict indices = matrix->indices;
  const double *restrict values = matrix->values;
  for (int64_t j = 0; j < matrix->columns; ++j) {
    double sum = 0;
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      sum += values[k] * x[indices[k]];
    }
    y[j] = sum;
  }
}

ness_status ness_dcsc_apply(const ness_dcsc *matrix, bool transposed, const double *x, double *y) {
  if (matrix->rows < 0 || matrix->columns < 0) {
    return NESS_ERR_ARGUMENT;
  }
  if (transposed) {
    gather_d(matrix, x, y);
  } else {
    scatter_d(matrix, x, y);
  }
  return NESS_OK;
}

// Columns regrouped at a time: one 512-bit register of doubles.
enum { BLOCK = 8 };
typedef struct block_row {
  double re[BLOCK], im[BLOCK];
} block_row;

NESS_CLONES static void apply_block(const ness_zcsc *matrix, const block_row *restrict x,
                                    block_row *restrict y) {
  const int64_t *restrict starts = matrix->starts, *restrict indices = matrix->indices;
  const ness_complex *restrict values = matrix->values;
  for (int64_t j = 0; j < matrix->columns; ++j) {
    const block_row *restrict source = &x[j];
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      const double re = values[k].re, im = values[k].im;
      block_row *restrict target = &y[indices[k]];
      for (int w = 0; w < BLOCK; ++w) {
        target->re[w] += re * source->re[w] - im * source->im[w];
        target->im[w] += re * source->im[w] + im * source->re[w];
      }
    }
  }
}

ness_status ness_zcsc_apply_dense(const ness_zcsc *matrix, int64_t width, const ness_complex *x,
                                  ness_complex *y) {
  const int64_t rows = matrix->rows, columns = matrix->columns;
  if (rows < 0 || columns < 0 || width < 0) {
    return NESS_ERR_ARGUMENT;
  }
  if (width == 1) {
    return ness_zcsc_apply(matrix, false, x, y);
  }
  ness_status status = NESS_ERR_MEMORY;
  block_row *source = ness_alloc(columns, sizeof *source);
  block_row *target = ness_alloc(rows, sizeof *target);
  if (source == NULL || target == NULL) {
    goto done;
  }
  for (int64_t first = 0; first < width; first += BLOCK) {
    const int64_t used = width - first < BLOCK ? width - first : BLOCK;
    for (int64_t j = 0; j < columns; ++j) {
      for (int64_t w = 0; w < BLOCK; ++w) {
        // Columns beyond the last repeat it; their products are not used.
        const ness_complex value = x[(first + (w < used ? w : used - 1)) * columns + j];
        source[j].re[w] = value.re;
        source[j].im[w] = value.im;
      }
    }
    memset(target, 0, (size_t)rows * sizeof *target);
    apply_block(matrix, source, target);
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t w = 0; w < used; ++w) {
        y[(first + w) * rows + i] = (ness_complex){target[i].re[w], target[i].im[w]};
      }
    }
  }
  status = NESS_OK;
done:
  ness_free(target);
  ness_free(source);
  return status;
}
