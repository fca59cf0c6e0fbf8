/// Inside of a reduced index space, shared by its construction and by assembly.
#ifndef NESS_SECTOR_PRIVATE_H
#define NESS_SECTOR_PRIVATE_H

#include "ness_sector.h"

NESS_BEGIN_DECLS

struct ness_sector {
  int64_t order;
  int64_t count;
  int64_t real_count;
  ness_group *group; // own copy, or null
  int64_t *kets;
  int64_t *bras;
  int64_t *weights;
  int64_t *partners;
  int64_t *unknowns;
  int8_t *kinds;
  int64_t table_size; // power of two
  int64_t *table;     // slot + 1 by hash of (ket, bra), 0 for free
};

/// Slot of a pair in range, or -1.
int64_t ness_sector_slot(const ness_sector *sector, int64_t ket, int64_t bra);

/// Entries (term, column, value) of one row of a stack of matrices, sorted by term. `transposed`
/// stacks yield the entries of one column instead. Used to walk all jump pairs of a matrix element
/// with a merge over terms.
typedef struct ness_stack {
  int64_t *starts; // order + 1
  int64_t *terms;
  int64_t *columns;
  ness_complex *values;
} ness_stack;

/// Stacks the rows (or columns, with `transposed`) of `count` matrices.
ness_status ness_stack_create(int64_t order, int64_t count, const ness_zcsc *NESS_NULLABLE matrices,
                              bool transposed, ness_stack *stack);
void ness_stack_destroy(ness_stack *stack);

/// Rows of everything that a generator is made of.
typedef struct ness_rows {
  ness_stack drift, left, right;
  bool is_shared;       // right is left
  int64_t *rate_starts; // rows of W; null without rates
  int64_t *rate_columns;
  double *rate_values;
} ness_rows;

ness_status ness_rows_create(const ness_terms *terms, bool transposed, ness_rows *rows);
void ness_rows_destroy(ness_rows *rows);

/// Takes one element that a row of the generator touches, and its coefficient.
typedef ness_status (*ness_row_visitor)(void *context, int64_t ket, int64_t bra,
                                        ness_complex coefficient);

/// Hands every term of the row of element (a, b) to `visit`, until one fails; from transposed rows,
/// the terms of the column. An element may come several times. Inlined, and the visitor with it:
/// the innermost loop of assembly.
static inline __attribute__((always_inline)) ness_status ness_rows_visit(const ness_rows *rows,
                                                                         int64_t a, int64_t b,
                                                                         ness_row_visitor visit,
                                                                         void *context) {
  ness_status status = NESS_OK;
  const ness_stack *const drift = &rows->drift;
  for (int64_t p = drift->starts[a]; p < drift->starts[a + 1] && status == NESS_OK; ++p) {
    status = visit(context, drift->columns[p], b, drift->values[p]);
  }
  for (int64_t p = drift->starts[b]; p < drift->starts[b + 1] && status == NESS_OK; ++p) {
    const ness_complex conjugate = {drift->values[p].re, -drift->values[p].im};
    status = visit(context, a, drift->columns[p], conjugate);
  }
  const ness_stack *const left = &rows->left;
  const ness_stack *const right = &rows->right;
  int64_t q = right->starts[b];
  for (int64_t p = left->starts[a]; p < left->starts[a + 1] && status == NESS_OK; ++p) {
    while (q < right->starts[b + 1] && right->terms[q] < left->terms[p]) {
      ++q;
    }
    const ness_complex u = left->values[p];
    for (int64_t r = q;
         r < right->starts[b + 1] && right->terms[r] == left->terms[p] && status == NESS_OK; ++r) {
      const ness_complex v = right->values[r];
      const ness_complex product = {u.re * v.re + u.im * v.im, u.im * v.re - u.re * v.im};
      status = visit(context, left->columns[p], right->columns[r], product);
    }
  }
  if (a == b && rows->rate_starts) {
    for (int64_t p = rows->rate_starts[a]; p < rows->rate_starts[a + 1] && status == NESS_OK; ++p) {
      const int64_t c = rows->rate_columns[p];
      status = visit(context, c, c, (ness_complex){rows->rate_values[p], 0});
    }
  }
  return status;
}

/// Whether all matrices have the declared order.
bool ness_terms_valid(const ness_terms *terms);

NESS_END_DECLS

#endif
