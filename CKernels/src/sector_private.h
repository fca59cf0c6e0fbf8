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
  int64_t *rate_starts; // rows of W; null without rates
  int64_t *rate_columns;
  double *rate_values;
} ness_rows;

ness_status ness_rows_create(const ness_terms *terms, bool transposed, ness_rows *rows);
void ness_rows_destroy(ness_rows *rows);

/// Whether all matrices have the declared order.
bool ness_terms_valid(const ness_terms *terms);

NESS_END_DECLS

#endif
