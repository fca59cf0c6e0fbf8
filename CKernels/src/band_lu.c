// LU within a band by Gaussian elimination with partial pivoting. The bands of ladders are some ten
// entries wide: LAPACK's dgbtrf calls a BLAS routine of that length four times a column, which
// takes several times as long as the arithmetic. Refined with residuals in twice the precision:
// slow modes of a generator cost digits that a single precise residual brings back.
//
// A row holds 2w + 1 columns: those of the band before it takes part, the first of them that of the
// pivot when it does. Every step of the elimination moves it on by a column, until it is a row of U
// with w columns that pivoting may have filled. How far a row and the multipliers of a column
// really reach is kept, for the profile of a ladder is narrower than its widest place.

#include "dense_private.h"
#include "ness_band.h"
#include "ness_sparse.h"
#include "residual.h"

#include <stdlib.h>
#include <string.h>

// Corrections of every unknown below this fraction of it leave nothing for another one.
static const double settled_level = 1e-8;

struct ness_dband {
  int64_t order, half_width;
  // P A P^T.
  int64_t *starts;
  int64_t *indices;
  double *values;
  // Unknown at every place.
  int64_t *unknowns;
  // Rows of U from the diagonal on, 2 w + 1 each, with the inverses of the pivots on the diagonal,
  // and the multipliers of column k, w each.
  double *upper, *lower;
  // Columns of a row of `upper` up to its last element, and multipliers of a column up to the last.
  int64_t *lengths, *heights;
  // Row that was exchanged with row k.
  int64_t *pivots;
};

int64_t ness_dband_bytes(int64_t order, int64_t half_width) {
  int64_t elements;
  return half_width < INT32_MAX && ness_product(order, 3 * half_width + 4, &elements) &&
                 elements < INT64_MAX / 16
             ? 8 * elements
             : INT64_MAX;
}

// The inverse of `order`, or false when it is no permutation.
static bool invert(int64_t n, const int64_t *order, int64_t *places) {
  for (int64_t i = 0; i < n; ++i) {
    places[i] = -1;
  }
  for (int64_t i = 0; i < n; ++i) {
    if (order[i] < 0 || order[i] >= n || places[order[i]] >= 0) {
      return false;
    }
    places[order[i]] = i;
  }
  return true;
}

// Copies P A P^T into the handle and into rows; false when an entry lies outside of the band.
static bool permute(const ness_dcsc *matrix, const int64_t *places, ness_dband *lu) {
  const int64_t n = lu->order, w = lu->half_width, width = 2 * w + 1;
  int64_t count = 0;
  for (int64_t j = 0; j < n; ++j) {
    lu->starts[j] = count;
    const int64_t column = lu->unknowns[j];
    for (int64_t k = matrix->starts[column]; k < matrix->starts[column + 1]; ++k) {
      const int64_t i = places[matrix->indices[k]];
      if (llabs(i - j) > w) {
        return false;
      }
      const int64_t place = j - (i > w ? i - w : 0);
      lu->indices[count] = i;
      lu->values[count++] = matrix->values[k];
      lu->upper[i * width + place] = matrix->values[k];
      // Columns come in ascending order.
      lu->lengths[i] = place + 1;
    }
  }
  lu->starts[n] = count;
  return true;
}

static inline __attribute__((always_inline)) void exchange(int64_t count, double *a, double *b) {
  for (int64_t j = 0; j < count; ++j) {
    const double value = a[j];
    a[j] = b[j];
    b[j] = value;
  }
}

// A number of columns that fills registers; those beyond the last element are zero.
static inline int64_t rounded(int64_t count, int64_t most) {
  const int64_t full = (count + 7) & ~(int64_t)7;
  return full < most ? full : most;
}

// row minus a multiple of the row of the pivot, moved on by a column.
static inline __attribute__((always_inline)) void
subtract(int64_t count, double factor, const double *restrict own, double *restrict row) {
  for (int64_t j = 0; j < count; ++j) {
    row[j] = row[j + 1] - factor * own[j + 1];
  }
}

// False when a pivot vanishes, or has no inverse among the numbers. `smallest` and `largest` get
// the extremes of the pivots.
NESS_CLONES static bool eliminate(ness_dband *lu, double *smallest, double *largest) {
  const int64_t n = lu->order, w = lu->half_width, width = 2 * w + 1;
  double *const rows = lu->upper;
  int64_t *const lengths = lu->lengths;
  *smallest = INFINITY;
  *largest = 0;
  for (int64_t k = 0; k < n; ++k) {
    const int64_t last = k + w < n - 1 ? k + w : n - 1;
    int64_t pivot = k;
    for (int64_t r = k + 1; r <= last; ++r) {
      pivot = fabs(rows[r * width]) > fabs(rows[pivot * width]) ? r : pivot;
    }
    lu->pivots[k] = pivot;
    if (pivot != k) {
      exchange(width, rows + k * width, rows + pivot * width);
      const int64_t length = lengths[k];
      lengths[k] = lengths[pivot];
      lengths[pivot] = length;
    }
    double *const own = rows + k * width;
    double *restrict const multipliers = lu->lower + k * w;
    const double size = fabs(own[0]), inverse = 1 / own[0];
    if (!(size > 0) || !isfinite(inverse)) {
      return false;
    }
    *smallest = size < *smallest ? size : *smallest;
    *largest = size > *largest ? size : *largest;
    lu->heights[k] = 0;
    for (int64_t r = k + 1; r <= last; ++r) {
      double *const row = rows + r * width;
      const double factor = row[0] * inverse;
      multipliers[r - k - 1] = factor;
      int64_t length = lengths[r];
      if (factor != 0) {
        lu->heights[k] = r - k;
        length = length < lengths[k] ? lengths[k] : length;
        subtract(rounded(length - 1, width - 1), factor, own, row);
      } else {
        memmove(row, row + 1, (size_t)(length - 1) * sizeof *row);
      }
      row[length - 1] = 0;
      lengths[r] = length > 1 ? length - 1 : 1;
    }
    own[0] = inverse;
  }
  return true;
}

ness_status ness_dband_create(const ness_dcsc *matrix, const int64_t *order, int64_t half_width,
                              double *reciprocal_condition, ness_dband **out) {
  *out = NULL;
  const int64_t n = matrix->columns, w = half_width;
  if (n < 1 || matrix->rows != n || w < 0 || w >= n || ness_dcsc_check(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t elements;
  if (w > INT32_MAX || !ness_product(n + 1, 3 * w + 1, &elements)) {
    return NESS_ERR_OVERFLOW;
  }
  const int64_t nonzeros = matrix->starts[n];
  ness_status status = NESS_ERR_MEMORY;
  int64_t *places = ness_alloc(n, sizeof *places);
  ness_dband *lu = ness_calloc(1, sizeof *lu);
  if (places == NULL || lu == NULL) {
    goto done;
  }
  lu->order = n;
  lu->half_width = w;
  lu->starts = ness_alloc(n + 1, sizeof *lu->starts);
  lu->indices = ness_alloc(nonzeros > 0 ? nonzeros : 1, sizeof *lu->indices);
  lu->values = ness_alloc(nonzeros > 0 ? nonzeros : 1, sizeof *lu->values);
  lu->unknowns = ness_alloc(n, sizeof *lu->unknowns);
  lu->upper = ness_calloc(n * (2 * w + 1), sizeof *lu->upper);
  lu->lower = ness_alloc(n * w > 0 ? n * w : 1, sizeof *lu->lower);
  lu->lengths = ness_alloc(n, sizeof *lu->lengths);
  lu->heights = ness_alloc(n, sizeof *lu->heights);
  lu->pivots = ness_alloc(n, sizeof *lu->pivots);
  if (lu->starts == NULL || lu->indices == NULL || lu->values == NULL || lu->unknowns == NULL ||
      lu->upper == NULL || lu->lower == NULL || lu->lengths == NULL || lu->heights == NULL ||
      lu->pivots == NULL) {
    goto done;
  }
  for (int64_t i = 0; i < n; ++i) {
    lu->lengths[i] = 1; // of a row without elements
  }
  memcpy(lu->unknowns, order, (size_t)n * sizeof *order);
  if (!invert(n, order, places) || !permute(matrix, places, lu)) {
    status = NESS_ERR_ARGUMENT;
    goto done;
  }
  double smallest, largest;
  if (!eliminate(lu, &smallest, &largest)) {
    status = NESS_ERR_SINGULAR;
    goto done;
  }
  *reciprocal_condition = smallest / largest;
  *out = lu;
  lu = NULL;
  status = NESS_OK;
done:
  ness_dband_destroy(lu);
  ness_free(places);
  return status;
}

typedef double lanes __attribute__((vector_size(64)));

// Sum of a_j x_j where x_0 was written just now, x_1 before it, and so on. The recent ones are read
// one by one, the latest last: wide reads would wait until all of them are stored.
static inline __attribute__((always_inline)) double dot(int64_t count, const double *a,
                                                        const double *x) {
  const int64_t recent = count < 8 ? count : 8;
  lanes sums = {0};
  int64_t j = recent;
  for (; j + 8 <= count; j += 8) {
    lanes left, right;
    memcpy(&left, a + j, sizeof left);
    memcpy(&right, x + j, sizeof right);
    sums += left * right;
  }
  double sum =
      ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
  for (; j < count; ++j) {
    sum += a[j] * x[j];
  }
  for (j = recent - 1; j >= 0; --j) {
    sum += a[j] * x[j];
  }
  return sum;
}

// x becomes A^-1 x.
static inline __attribute__((always_inline)) void solve_straight(const ness_dband *lu,
                                                                 double *restrict x) {
  const int64_t n = lu->order, w = lu->half_width, width = 2 * w + 1;
  for (int64_t k = 0; k < n; ++k) {
    const int64_t pivot = lu->pivots[k];
    const double value = x[pivot];
    x[pivot] = x[k];
    x[k] = value;
    for (int64_t r = 0; r < lu->heights[k]; ++r) {
      x[k + 1 + r] -= lu->lower[k * w + r] * value;
    }
  }
  for (int64_t k = n - 1; k >= 0; --k) {
    const double *const row = lu->upper + k * width;
    x[k] = (x[k] - dot(lu->lengths[k] - 1, row + 1, x + k + 1)) * row[0];
  }
}

// x becomes A^-T x.
static inline __attribute__((always_inline)) void solve_transposed(const ness_dband *lu,
                                                                   double *restrict x) {
  const int64_t n = lu->order, w = lu->half_width, width = 2 * w + 1;
  for (int64_t k = 0; k < n; ++k) {
    const double *const row = lu->upper + k * width;
    x[k] *= row[0];
    for (int64_t j = 1; j < lu->lengths[k]; ++j) {
      x[k + j] -= row[j] * x[k];
    }
  }
  for (int64_t k = n - 1; k >= 0; --k) {
    const double value = x[k] - dot(lu->heights[k], lu->lower + k * w, x + k + 1);
    const int64_t pivot = lu->pivots[k];
    x[k] = x[pivot];
    x[pivot] = value;
  }
}

NESS_CLONES static void solve(const ness_dband *lu, bool transposed, double *x) {
  if (transposed) {
    solve_transposed(lu, x);
  } else {
    solve_straight(lu, x);
  }
}

// r = b - A x, or b - A^T x.
static void residual(const ness_dcsc *matrix, bool transposed, const double *b, const double *x,
                     double *r, double *scratch) {
  const int64_t n = matrix->columns;
  if (transposed) {
    ness_dcsc_apply(matrix, true, x, r);
    for (int64_t i = 0; i < n; ++i) {
      r[i] = b[i] - r[i];
    }
    return;
  }
  // b - (0 - A) (-x) = b - A x.
  for (int64_t i = 0; i < n; ++i) {
    scratch[2 * n + i] = -x[i];
  }
  ness_dshift_residual(matrix, 0, b, scratch + 2 * n, r, scratch);
}

ness_status ness_dband_solve(const ness_dband *lu, bool transposed, bool refined, const double *b,
                             double *x) {
  const int64_t n = lu->order;
  double *work = ness_alloc(6 * n, sizeof *work);
  if (work == NULL) {
    return NESS_ERR_MEMORY;
  }
  double *right = work, *solution = work + n, *rest = work + 2 * n, *scratch = work + 3 * n;
  const ness_dcsc matrix = {n, n, lu->starts, lu->indices, lu->values};
  for (int64_t i = 0; i < n; ++i) {
    solution[i] = right[i] = b[lu->unknowns[i]];
  }
  solve(lu, transposed, solution);
  bool settled = !refined;
  for (int step = 0; step < 2 && !settled; ++step) {
    residual(&matrix, transposed, right, solution, rest, scratch);
    solve(lu, transposed, rest);
    settled = true;
    for (int64_t i = 0; i < n; ++i) {
      settled = settled && fabs(rest[i]) <= settled_level * fabs(solution[i]);
      solution[i] += rest[i];
    }
  }
  for (int64_t i = 0; i < n; ++i) {
    x[lu->unknowns[i]] = solution[i];
  }
  ness_free(work);
  return NESS_OK;
}

void ness_dband_destroy(ness_dband *lu) {
  if (lu == NULL) {
    return;
  }
  ness_free(lu->pivots);
  ness_free(lu->heights);
  ness_free(lu->lengths);
  ness_free(lu->lower);
  ness_free(lu->upper);
  ness_free(lu->unknowns);
  ness_free(lu->values);
  ness_free(lu->indices);
  ness_free(lu->starts);
  ness_free(lu);
}
