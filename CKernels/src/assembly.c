/// Assembly of a generator on a reduced index space: one row per slot representative (a, b),
///
///     (L rho)_ab = sum_c K_ac rho_cb + sum_c conj(K_bc) rho_ac + sum_k A_k,ac conj(B_k,bd) rho_cd
///     + [a=b] sum_c W_ac rho_cc,
///
/// every rho on the right looked up by its slot. Cost is the number of products formed; no
/// Kronecker product exists at any time. Rows are produced in order into growing arrays and
/// transposed into compressed columns at the end.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ness_internal.h"
#include "ness_sector.h"
#include "sector_private.h"

// Entries below this many roundings of the terms that were summed are cancellations, not couplings.
#define CANCELLATION 8e-16

struct ness_assembly {
  ness_form form;
  int64_t order, count, capacity;
  int64_t *starts, *indices; // compressed rows
  double *values;            // one or, in the complex form, two per entry
};

static int64_t width(const ness_assembly *matrix) {
  return matrix->form == NESS_FORM_COMPLEX ? 2 : 1;
}

// One row under construction: sums and sums of magnitudes by column, and the columns touched.
typedef struct accumulator {
  int64_t touched_count;
  int64_t *touched;
  uint8_t *marks;
  ness_complex *sums;
  double *magnitudes;
} accumulator;

static ness_status accumulator_create(int64_t order, accumulator *row) {
  *row = (accumulator){
      .touched = ness_alloc(order, sizeof(int64_t)),
      .marks = ness_calloc(order, 1),
      .sums = ness_calloc(order, sizeof(ness_complex)),
      .magnitudes = ness_calloc(order, sizeof(double)),
  };
  return row->touched && row->marks && row->sums && row->magnitudes ? NESS_OK : NESS_ERR_MEMORY;
}

static void accumulator_destroy(accumulator *row) {
  ness_free(row->touched);
  ness_free(row->marks);
  ness_free(row->sums);
  ness_free(row->magnitudes);
}

static void accumulate(accumulator *row, int64_t column, double re, double im) {
  if (!row->marks[column]) {
    row->marks[column] = 1;
    row->touched[row->touched_count++] = column;
  }
  row->sums[column].re += re;
  row->sums[column].im += im;
  row->magnitudes[column] += fabs(re) + fabs(im);
}

static int compare_indices(const void *left, const void *right) {
  const int64_t a = *(const int64_t *)left;
  const int64_t b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

// Rows of a generator are short: insertion beats the calls of a general sort on all but dense ones.
static void sort_indices(int64_t count, int64_t *indices) {
  if (count > 48) {
    qsort(indices, (size_t)count, sizeof(int64_t), compare_indices);
    return;
  }
  for (int64_t i = 1; i < count; ++i) {
    const int64_t index = indices[i];
    int64_t j = i;
    for (; j > 0 && indices[j - 1] > index; --j) {
      indices[j] = indices[j - 1];
    }
    indices[j] = index;
  }
}

static void reset(accumulator *row) {
  for (int64_t i = 0; i < row->touched_count; ++i) {
    const int64_t column = row->touched[i];
    row->marks[column] = 0;
    row->sums[column] = (ness_complex){0, 0};
    row->magnitudes[column] = 0;
  }
  row->touched_count = 0;
}

// Where the terms of a row go: complex slots, or the two real rows of a representative.
typedef struct row_target {
  const ness_sector *sector;
  accumulator *slots;     // complex form
  accumulator *real_part; // real form: row of Re rho_ab
  accumulator *imag_part; // real form: row of Im rho_ab
} row_target;

static ness_status add_term(void *context, int64_t ket, int64_t bra, ness_complex factor) {
  const row_target *const target = context;
  const int64_t slot = ness_sector_slot(target->sector, ket, bra);
  if (slot < 0) {
    return NESS_ERR_NOT_CLOSED;
  }
  if (target->slots) {
    accumulate(target->slots, slot, factor.re, factor.im);
    return NESS_OK;
  }
  const int64_t unknown = target->sector->unknowns[slot];
  const double sign = (double)target->sector->kinds[slot]; // rho_slot = x + i sign y
  accumulate(target->real_part, unknown, factor.re, 0);
  accumulate(target->imag_part, unknown, factor.im, 0);
  if (target->sector->kinds[slot] != 0) {
    accumulate(target->real_part, unknown + 1, -sign * factor.im, 0);
    accumulate(target->imag_part, unknown + 1, sign * factor.re, 0);
  }
  return NESS_OK;
}

static int64_t grown(int64_t capacity, int64_t needed) {
  while (capacity < needed) {
    capacity *= 2;
  }
  return capacity;
}

static ness_status reserve(ness_assembly *matrix, int64_t needed) {
  const int64_t capacity = grown(matrix->capacity, needed);
  if (capacity == matrix->capacity) {
    return NESS_OK;
  }
  int64_t *const indices = ness_alloc(capacity, sizeof(int64_t));
  double *const values = ness_alloc(capacity, (size_t)width(matrix) * sizeof(double));
  if (!indices || !values) {
    ness_free(indices);
    ness_free(values);
    return NESS_ERR_MEMORY;
  }
  memcpy(indices, matrix->indices, (size_t)matrix->count * sizeof(int64_t));
  memcpy(values, matrix->values, (size_t)(matrix->count * width(matrix)) * sizeof(double));
  ness_free(matrix->indices);
  ness_free(matrix->values);
  matrix->indices = indices;
  matrix->values = values;
  matrix->capacity = capacity;
  return NESS_OK;
}

// Appends the row under construction without its cancellations and clears it.
static ness_status flush(ness_assembly *matrix, accumulator *row, int64_t row_index) {
  const ness_status status = reserve(matrix, matrix->count + row->touched_count);
  if (status != NESS_OK) {
    return status;
  }
  sort_indices(row->touched_count, row->touched);
  for (int64_t i = 0; i < row->touched_count; ++i) {
    const int64_t column = row->touched[i];
    const ness_complex sum = row->sums[column];
    if (!isfinite(sum.re) || !isfinite(sum.im)) {
      return NESS_ERR_NOT_FINITE;
    }
    const double threshold = CANCELLATION * row->magnitudes[column];
    if (fabs(sum.re) > threshold || fabs(sum.im) > threshold) {
      matrix->indices[matrix->count] = column;
      if (matrix->form == NESS_FORM_COMPLEX) {
        matrix->values[2 * matrix->count] = sum.re;
        matrix->values[2 * matrix->count + 1] = sum.im;
      } else {
        matrix->values[matrix->count] = sum.re;
      }
      ++matrix->count;
    }
  }
  matrix->starts[row_index + 1] = matrix->count;
  reset(row);
  return NESS_OK;
}

static ness_status assembly_create(ness_form form, int64_t order, ness_assembly **out) {
  ness_assembly *const matrix = ness_calloc(1, sizeof(ness_assembly));
  if (!matrix) {
    return NESS_ERR_MEMORY;
  }
  matrix->form = form;
  matrix->order = order;
  matrix->capacity = 16 * order;
  matrix->starts = ness_calloc(order + 1, sizeof(int64_t));
  matrix->indices = ness_alloc(matrix->capacity, sizeof(int64_t));
  matrix->values = ness_alloc(matrix->capacity, (size_t)width(matrix) * sizeof(double));
  if (!matrix->starts || !matrix->indices || !matrix->values) {
    ness_assembly_destroy(matrix);
    return NESS_ERR_MEMORY;
  }
  *out = matrix;
  return NESS_OK;
}

static ness_status assemble_rows(const ness_sector *sector, const ness_rows *rows,
                                 accumulator *first, accumulator *second, ness_assembly *matrix) {
  const bool complex_form = matrix->form == NESS_FORM_COMPLEX;
  row_target target = {.sector = sector,
                       .slots = complex_form ? first : NULL,
                       .real_part = complex_form ? NULL : first,
                       .imag_part = complex_form ? NULL : second};
  ness_status status = NESS_OK;
  for (int64_t s = 0; s < sector->count && status == NESS_OK; ++s) {
    if (!complex_form && sector->kinds[s] < 0) {
      continue; // the conjugate of a row that stands elsewhere
    }
    status = ness_rows_visit(rows, sector->kets[s], sector->bras[s], add_term, &target);
    if (status == NESS_OK) {
      status = flush(matrix, first, complex_form ? s : sector->unknowns[s]);
    }
    if (status == NESS_OK && !complex_form && sector->kinds[s] == 1) {
      status = flush(matrix, second, sector->unknowns[s] + 1);
    }
    reset(second); // the imaginary part of a self-partnered element vanishes with its row
  }
  return status;
}

ness_status ness_sector_assemble(const ness_sector *sector, const ness_terms *terms, ness_form form,
                                 ness_assembly **out) {
  *out = NULL;
  if (!ness_terms_valid(terms) || terms->order != sector->order ||
      (form != NESS_FORM_COMPLEX && form != NESS_FORM_HERMITIAN)) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t order = form == NESS_FORM_COMPLEX ? sector->count : sector->real_count;
  ness_rows rows = {0};
  accumulator first = {0};
  accumulator second = {0};
  ness_assembly *matrix = NULL;
  ness_status status = ness_rows_create(terms, false, &rows);
  if (status == NESS_OK) {
    status = accumulator_create(order, &first);
  }
  if (status == NESS_OK) {
    status = accumulator_create(order, &second);
  }
  if (status == NESS_OK) {
    status = assembly_create(form, order, &matrix);
  }
  if (status == NESS_OK) {
    status = assemble_rows(sector, &rows, &first, &second, matrix);
  }
  accumulator_destroy(&first);
  accumulator_destroy(&second);
  ness_rows_destroy(&rows);
  if (status == NESS_OK) {
    *out = matrix;
  } else {
    ness_assembly_destroy(matrix);
  }
  return status;
}

void ness_assembly_sizes(const ness_assembly *assembly, int64_t *order, int64_t *nonzeros) {
  *order = assembly->order;
  *nonzeros = assembly->count;
}

void ness_assembly_copy(const ness_assembly *assembly, int64_t *starts, int64_t *indices,
                        double *values) {
  const int64_t order = assembly->order;
  const int64_t step = width(assembly);
  memset(starts, 0, (size_t)(order + 1) * sizeof(int64_t));
  for (int64_t p = 0; p < assembly->count; ++p) {
    ++starts[assembly->indices[p] + 1];
  }
  for (int64_t j = 0; j < order; ++j) {
    starts[j + 1] += starts[j];
  }
  // `starts` serves as the fill position of every column and is moved back afterwards.
  for (int64_t i = 0; i < order; ++i) {
    for (int64_t p = assembly->starts[i]; p < assembly->starts[i + 1]; ++p) {
      const int64_t slot = starts[assembly->indices[p]]++;
      indices[slot] = i;
      for (int64_t w = 0; w < step; ++w) {
        values[step * slot + w] = assembly->values[step * p + w];
      }
    }
  }
  for (int64_t j = order; j > 0; --j) {
    starts[j] = starts[j - 1];
  }
  starts[0] = 0;
}

void ness_assembly_destroy(ness_assembly *assembly) {
  if (assembly) {
    ness_free(assembly->starts);
    ness_free(assembly->indices);
    ness_free(assembly->values);
    ness_free(assembly);
  }
}
