// Checks, transposition and products of matrices in compressed columns.
//
// Where only the number of doubles per entry differs, one routine takes it as `width` (1 real, 2
// complex, interleaved); every caller passes a constant.

#include "ness_internal.h"
#include "ness_sparse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ness_status check(int64_t rows, int64_t columns, const int64_t *starts,
                         const int64_t *indices, int64_t width, const double *values) {
  if (rows < 0 || columns < 0 || starts[0] != 0) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t j = 0; j < columns; ++j) {
    if (starts[j + 1] < starts[j]) {
      return NESS_ERR_ARGUMENT;
    }
    int64_t previous = -1;
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      if (indices[k] <= previous || indices[k] >= rows) {
        return NESS_ERR_ARGUMENT;
      }
      previous = indices[k];
    }
  }
  for (int64_t k = 0; k < width * starts[columns]; ++k) {
    if (!isfinite(values[k])) {
      return NESS_ERR_ARGUMENT;
    }
  }
  return NESS_OK;
}

ness_status ness_zcsc_check(const ness_zcsc *matrix) {
  return check(matrix->rows, matrix->columns, matrix->starts, matrix->indices, 2,
               (const double *)matrix->values);
}

ness_status ness_dcsc_check(const ness_dcsc *matrix) {
  return check(matrix->rows, matrix->columns, matrix->starts, matrix->indices, 1, matrix->values);
}

// Counting sort by row; visiting columns in order leaves the result sorted. `sign` multiplies
// imaginary parts.
static inline ness_status transpose(int64_t rows, int64_t columns, const int64_t *restrict starts,
                                    const int64_t *restrict indices, int64_t width, double sign,
                                    const double *restrict values, int64_t *restrict out_starts,
                                    int64_t *restrict out_indices, double *restrict out_values) {
  if (rows < 0 || columns < 0) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t *next = ness_calloc(rows, sizeof *next);
  if (next == NULL) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t k = 0; k < starts[columns]; ++k) {
    ++next[indices[k]];
  }
  out_starts[0] = 0;
  for (int64_t i = 0; i < rows; ++i) {
    out_starts[i + 1] = out_starts[i] + next[i];
    next[i] = out_starts[i];
  }
  for (int64_t j = 0; j < columns; ++j) {
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      const int64_t place = next[indices[k]]++;
      out_indices[place] = j;
      out_values[width * place] = values[width * k];
      if (width == 2) {
        out_values[2 * place + 1] = sign * values[2 * k + 1];
      }
    }
  }
  ness_free(next);
  return NESS_OK;
}

ness_status ness_zcsc_transpose(const ness_zcsc *matrix, bool conjugate, int64_t *starts,
                                int64_t *indices, ness_complex *values) {
  return transpose(matrix->rows, matrix->columns, matrix->starts, matrix->indices, 2,
                   conjugate ? -1.0 : 1.0, (const double *)matrix->values, starts, indices,
                   (double *)values);
}

ness_status ness_dcsc_transpose(const ness_dcsc *matrix, int64_t *starts, int64_t *indices,
                                double *values) {
  return transpose(matrix->rows, matrix->columns, matrix->starts, matrix->indices, 1, 1.0,
                   matrix->values, starts, indices, values);
}

// Calls for the rows of column j of a b: `mark[i]` tells whether row i has been met (it then holds
// j + 1). Returns their number; lists them, in order of appearance, when `rows` is given.
static int64_t product_rows(const ness_zcsc *a, const ness_zcsc *b, int64_t j,
                            int64_t *restrict mark, int64_t *NESS_NULLABLE rows) {
  int64_t found = 0;
  for (int64_t l = b->starts[j]; l < b->starts[j + 1]; ++l) {
    const int64_t inner = b->indices[l];
    for (int64_t k = a->starts[inner]; k < a->starts[inner + 1]; ++k) {
      const int64_t row = a->indices[k];
      if (mark[row] != j + 1) {
        mark[row] = j + 1;
        if (rows != NULL) {
          rows[found] = row;
        }
        ++found;
      }
    }
  }
  return found;
}

ness_status ness_zcsc_multiply_count(const ness_zcsc *a, const ness_zcsc *b, int64_t *count) {
  if (a->columns != b->rows || a->rows < 0 || b->columns < 0) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t *mark = ness_calloc(a->rows, sizeof *mark);
  if (mark == NULL) {
    return NESS_ERR_MEMORY;
  }
  int64_t total = 0;
  bool fits = true;
  for (int64_t j = 0; j < b->columns && fits; ++j) {
    fits = !__builtin_add_overflow(total, product_rows(a, b, j, mark, NULL), &total);
  }
  ness_free(mark);
  if (!fits) {
    return NESS_ERR_OVERFLOW;
  }
  *count = total;
  return NESS_OK;
}

static int compare_indices(const void *left, const void *right) {
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

ness_status ness_zcsc_multiply(const ness_zcsc *a, const ness_zcsc *b, int64_t *starts,
                               int64_t *indices, ness_complex *values) {
  if (a->columns != b->rows || a->rows < 0 || b->columns < 0) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t *mark = ness_calloc(a->rows, sizeof *mark);
  ness_complex *sum = ness_calloc(a->rows, sizeof *sum);
  ness_status status = NESS_ERR_MEMORY;
  if (mark == NULL || sum == NULL) {
    goto done;
  }
  starts[0] = 0;
  for (int64_t j = 0; j < b->columns; ++j) {
    int64_t *rows = indices + starts[j];
    const int64_t found = product_rows(a, b, j, mark, rows);
    starts[j + 1] = starts[j] + found;
    for (int64_t l = b->starts[j]; l < b->starts[j + 1]; ++l) {
      const ness_complex y = b->values[l];
      const int64_t inner = b->indices[l];
      for (int64_t k = a->starts[inner]; k < a->starts[inner + 1]; ++k) {
        const ness_complex x = a->values[k];
        ness_complex *s = &sum[a->indices[k]];
        s->re += x.re * y.re - x.im * y.im;
        s->im += x.re * y.im + x.im * y.re;
      }
    }
    // In a well-filled column a scan over all rows is cheaper than sorting the few it saves.
    if (found > a->rows / 16) {
      int64_t place = 0;
      for (int64_t i = 0; i < a->rows; ++i) {
        if (mark[i] == j + 1) {
          rows[place++] = i;
        }
      }
    } else if (found > 1) {
      qsort(rows, (size_t)found, sizeof *rows, compare_indices);
    }
    for (int64_t k = 0; k < found; ++k) {
      values[starts[j] + k] = sum[rows[k]];
      sum[rows[k]] = (ness_complex){0, 0};
    }
  }
  status = NESS_OK;
done:
  ness_free(sum);
  ness_free(mark);
  return status;
}
