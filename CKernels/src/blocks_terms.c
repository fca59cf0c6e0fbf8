// Matrices of a generator between blocks, column by column from the compressed columns of the full
// ones.
//
//     K_b[o', o] = n_o U[r, o] sum_a conj(U[a, o']) K[a, r],  r any member of orbit o
//
// since K commutes with H_b: every member of the orbit contributes the same. The term
// U_t^+ A_k g U_b rho_b (U_t^+ B_k g U_b)^+ of pair k and coset g H_b does not change, up to phases
// that cancel, when h in H_t takes k to k' and g to h g: one of every orbit stands for all.
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blocks_jumps.h"
#include "blocks_private.h"
#include "ness_internal.h"

typedef struct stored_matrix {
  int64_t rows, columns, first_start, first_entry;
} stored_matrix;

struct ness_block_terms {
  int64_t matrix_count, matrix_room, start_count, start_room, entry_count, entry_room;
  int64_t jump_count, jump_room;
  stored_matrix *matrices;
  int64_t *starts;
  int64_t *indices;
  ness_complex *values;
  ness_block_jump *jumps;
};

// A column under construction.
typedef struct accumulator {
  ness_complex *sums; // per row
  double *sizes;      // sum of moduli, tells cancellation from a small element
  int64_t *touched;
  int64_t count;
} accumulator;

static bool reserve(void *field, int64_t *room, int64_t needed, size_t size) {
  if (needed <= *room) {
    return true;
  }
  const int64_t larger = needed > 2 * *room ? needed : 2 * *room;
  void *block;
  memcpy(&block, field, sizeof block);
  block = ness_realloc(block, larger, size);
  if (!block) {
    return false;
  }
  memcpy(field, &block, sizeof block);
  *room = larger;
  return true;
}

static bool reserve_entries(ness_block_terms *list, int64_t more) {
  int64_t room = list->entry_room;
  const int64_t needed = list->entry_count + more;
  if (!reserve(&list->indices, &room, needed, sizeof(int64_t))) {
    return false;
  }
  return reserve(&list->values, &list->entry_room, needed, sizeof(ness_complex));
}

static void add(accumulator *column, int64_t row, ness_complex value) {
  const double size = fabs(value.re) + fabs(value.im);
  if (size == 0) {
    return;
  }
  if (column->sizes[row] == 0) {
    column->touched[column->count++] = row;
  }
  column->sums[row].re += value.re;
  column->sums[row].im += value.im;
  column->sizes[row] += size;
}

static int compare_rows(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

// Appends the column without what cancelled to rounding, and clears the accumulator.
static bool close_column(ness_block_terms *list, accumulator *column) {
  if (!reserve_entries(list, column->count)) {
    return false;
  }
  qsort(column->touched, (size_t)column->count, sizeof(int64_t), compare_rows);
  for (int64_t i = 0; i < column->count; ++i) {
    const int64_t row = column->touched[i];
    const ness_complex sum = column->sums[row];
    if (fabs(sum.re) + fabs(sum.im) > 8 * DBL_EPSILON * column->sizes[row]) {
      list->indices[list->entry_count] = row;
      list->values[list->entry_count++] = sum;
    }
    column->sums[row] = (ness_complex){0, 0};
    column->sizes[row] = 0;
  }
  column->count = 0;
  list->starts[list->start_count] =
      list->entry_count - list->matrices[list->matrix_count].first_entry;
  ++list->start_count;
  return true;
}

static bool open_matrix(ness_block_terms *list, int64_t rows, int64_t columns) {
  if (!reserve(&list->matrices, &list->matrix_room, list->matrix_count + 1,
               sizeof(stored_matrix)) ||
      !reserve(&list->starts, &list->start_room, list->start_count + columns + 1,
               sizeof(int64_t))) {
    return false;
  }
  list->matrices[list->matrix_count] = (stored_matrix){.rows = rows,
                                                       .columns = columns,
                                                       .first_start = list->start_count,
                                                       .first_entry = list->entry_count};
  list->starts[list->start_count++] = 0;
  return true;
}

// Drops the matrices from number `count` on.
static void truncate_list(ness_block_terms *list, int64_t count) {
  if (count < list->matrix_count) {
    list->start_count = list->matrices[count].first_start;
    list->entry_count = list->matrices[count].first_entry;
    list->matrix_count = count;
  }
}

static int64_t entries_of(const ness_block_terms *list, int64_t matrix) {
  const stored_matrix *const m = &list->matrices[matrix];
  return list->starts[m->first_start + m->columns];
}

// Adds factor times the part of a column of a full matrix that the block sees.
static void add_column(const ness_blocks *blocks, const ness_block *target, const ness_zcsc *matrix,
                       int64_t column, ness_complex factor, accumulator *sum) {
  for (int64_t p = matrix->starts[column]; p < matrix->starts[column + 1]; ++p) {
    const int64_t row = matrix->indices[p];
    if (blocks->classes[row] != target->class_number) {
      continue;
    }
    const int32_t place = blocks->places[row];
    if (target->columns[place] >= 0) {
      add(sum, target->columns[place],
          ness_times(ness_times(factor, matrix->values[p]),
                     ness_conjugate(target->amplitudes[place])));
    }
  }
}

static bool add_drift(ness_block_terms *list, const ness_blocks *blocks, const ness_block *block,
                      const ness_zcsc *drift, accumulator *sum) {
  if (!open_matrix(list, block->order, block->order)) {
    return false;
  }
  for (int64_t o = 0; o < block->order; ++o) {
    const int32_t place = block->members[block->starts[o]];
    const double length = (double)(block->starts[o + 1] - block->starts[o]);
    const ness_complex amplitude = block->amplitudes[place];
    add_column(blocks, block, drift, block->states[place],
               (ness_complex){length * amplitude.re, length * amplitude.im}, sum);
    if (!close_column(list, sum)) {
      return false;
    }
  }
  ++list->matrix_count;
  return true;
}

// U_t^+ A g U_b.
static bool add_projection(ness_block_terms *list, const ness_blocks *blocks,
                           const ness_block *target, const ness_block *source, int64_t g,
                           const ness_zcsc *matrix, accumulator *sum) {
  if (!open_matrix(list, target->order, source->order)) {
    return false;
  }
  for (int64_t o = 0; o < source->order; ++o) {
    for (int64_t m = source->starts[o]; m < source->starts[o + 1]; ++m) {
      const int32_t place = source->members[m];
      const int32_t state = source->states[place];
      add_column(blocks, target, matrix, ness_image(&blocks->group, g, state),
                 ness_times(source->amplitudes[place], ness_phase(&blocks->group, g, state)), sum);
    }
    if (!close_column(list, sum)) {
      return false;
    }
  }
  ++list->matrix_count;
  return true;
}

// Number of terms that (k, coset) stands for: 0 unless it is the first of its orbit under H_t.
static int64_t orbit_length(const ness_blocks *blocks, const int32_t *images, int64_t jump_count,
                            const ness_block *target, const ness_block *source, int64_t k,
                            int64_t coset) {
  if (!images) {
    return 1;
  }
  const ness_monomials *const group = &blocks->group;
  int64_t fixing = 0;
  for (int64_t i = 0; i < target->subgroup_size; ++i) {
    const int32_t h = target->subgroup[i];
    const int64_t other = images[h * jump_count + k];
    const int64_t moved =
        source->coset_of[group->products[h * group->size + source->cosets[coset]]];
    if (other < k || (other == k && moved < coset)) {
      return 0;
    }
    fixing += other == k && moved == coset;
  }
  return target->subgroup_size / fixing;
}

static bool add_jump(ness_block_terms *list, const ness_blocks *blocks, const ness_terms *terms,
                     int64_t target, int64_t source, int64_t k, int64_t g, double weight,
                     accumulator *sum) {
  const ness_block *const to = &blocks->blocks[target], *const from = &blocks->blocks[source];
  const int64_t left = list->matrix_count;
  const bool shared = ness_is_shared(terms, k);
  if (!add_projection(list, blocks, to, from, g, &terms->left[k], sum)) {
    return false;
  }
  if (entries_of(list, left) > 0 && !shared &&
      !add_projection(list, blocks, to, from, g, &terms->right[k], sum)) {
    return false;
  }
  if (entries_of(list, left) == 0 || entries_of(list, list->matrix_count - 1) == 0) {
    truncate_list(list, left);
    return true;
  }
  if (!reserve(&list->jumps, &list->jump_room, list->jump_count + 1, sizeof(ness_block_jump))) {
    return false;
  }
  list->jumps[list->jump_count++] = (ness_block_jump){.target = target,
                                                      .source = source,
                                                      .left = left,
                                                      .right = list->matrix_count - 1,
                                                      .weight = weight};
  return true;
}

// Terms of pair k from the matrices on one class: every block of which the class holds an image,
// every coset that takes it there, every block of the class that the pair leads to.
static bool add_class_jumps(ness_block_terms *list, const ness_blocks *blocks,
                            const ness_terms *terms, const int32_t *images, int64_t k,
                            int64_t class_number, int64_t target_class, accumulator *sum) {
  const ness_monomials *const group = &blocks->group;
  const int64_t first = blocks->class_blocks[target_class];
  const int64_t last = blocks->class_blocks[target_class + 1];
  const int32_t owner = blocks->class_owners[class_number];
  for (int64_t b = blocks->class_blocks[owner]; b < blocks->class_blocks[owner + 1] && first < last;
       ++b) {
    const ness_block *const source = &blocks->blocks[b];
    const double share = (double)source->subgroup_size / (double)source->stabilizer_size;
    for (int64_t coset = 0; coset < source->coset_count; ++coset) {
      const int32_t g = source->cosets[coset];
      if (blocks->classes[ness_image(group, g, source->states[0])] != class_number) {
        continue;
      }
      for (int64_t t = first; t < last; ++t) {
        const int64_t length =
            orbit_length(blocks, images, terms->jump_count, &blocks->blocks[t], source, k, coset);
        if (length > 0 && !add_jump(list, blocks, terms, t, b, k, g, share * (double)length, sum)) {
          return false;
        }
      }
    }
  }
  return true;
}

// Notes for every class the class that a matrix takes it to.
static void note_targets(const ness_blocks *blocks, const ness_zcsc *matrix, int32_t *targets) {
  for (int64_t c = 0; c < matrix->columns; ++c) {
    for (int64_t p = matrix->starts[c];
         targets[blocks->classes[c]] < 0 && p < matrix->starts[c + 1]; ++p) {
      if (matrix->values[p].re != 0 || matrix->values[p].im != 0) {
        targets[blocks->classes[c]] = blocks->classes[matrix->indices[p]];
      }
    }
  }
}

static bool add_jumps(ness_block_terms *list, const ness_blocks *blocks, const ness_terms *terms,
                      const int32_t *images, int32_t *targets, accumulator *sum) {
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    for (int64_t c = 0; c < blocks->class_count; ++c) {
      targets[c] = -1;
    }
    note_targets(blocks, &terms->left[k], targets);
    for (int64_t c = 0; c < blocks->class_count; ++c) {
      if (targets[c] >= 0 && !add_class_jumps(list, blocks, terms, images, k, c, targets[c], sum)) {
        return false;
      }
    }
  }
  return true;
}

static ness_status fill(ness_block_terms *list, const ness_blocks *blocks,
                        const ness_terms *terms) {
  const int64_t order = terms->order;
  accumulator sum = {.sums = ness_calloc(order, sizeof(ness_complex)),
                     .sizes = ness_calloc(order, sizeof(double)),
                     .touched = ness_alloc(order, sizeof(int64_t))};
  int32_t *const targets = ness_alloc(blocks->class_count, sizeof(int32_t));
  int32_t *images = NULL;
  ness_status status = NESS_ERR_MEMORY;
  if (sum.sums && sum.sizes && sum.touched && targets) {
    status = ness_jump_images(&blocks->group, terms, &images);
  }
  for (int64_t b = 0; b < blocks->block_count && status == NESS_OK; ++b) {
    if (!add_drift(list, blocks, &blocks->blocks[b], &terms->drift, &sum)) {
      status = NESS_ERR_MEMORY;
    }
  }
  if (status == NESS_OK && !add_jumps(list, blocks, terms, images, targets, &sum)) {
    status = NESS_ERR_MEMORY;
  }
  ness_free(sum.sums);
  ness_free(sum.sizes);
  ness_free(sum.touched);
  ness_free(targets);
  ness_free(images);
  return status;
}

ness_status ness_block_terms_create(const ness_blocks *blocks, const ness_terms *terms,
                                    ness_block_terms **out) {
  *out = NULL;
  if (terms->order != blocks->group.order) {
    return NESS_ERR_ARGUMENT;
  }
  ness_block_terms *const list = ness_calloc(1, sizeof(ness_block_terms));
  if (!list) {
    return NESS_ERR_MEMORY;
  }
  const ness_status status = fill(list, blocks, terms);
  if (status != NESS_OK) {
    ness_block_terms_destroy(list);
    return status;
  }
  *out = list;
  return NESS_OK;
}

int64_t ness_block_terms_jump_count(const ness_block_terms *terms) {
  return terms->jump_count;
}

void ness_block_terms_jumps(const ness_block_terms *terms, ness_block_jump *jumps) {
  for (int64_t j = 0; j < terms->jump_count; ++j) {
    jumps[j] = terms->jumps[j];
  }
}

void ness_block_terms_sizes(const ness_block_terms *terms, int64_t matrix, int64_t *rows,
                            int64_t *columns, int64_t *nonzeros) {
  *rows = terms->matrices[matrix].rows;
  *columns = terms->matrices[matrix].columns;
  *nonzeros = entries_of(terms, matrix);
}

void ness_block_terms_copy(const ness_block_terms *terms, int64_t matrix, int64_t *starts,
                           int64_t *indices, ness_complex *values) {
  const stored_matrix *const m = &terms->matrices[matrix];
  const size_t count = (size_t)entries_of(terms, matrix);
  memcpy(starts, terms->starts + m->first_start, sizeof(int64_t) * (size_t)(m->columns + 1));
  if (count > 0) {
    memcpy(indices, terms->indices + m->first_entry, sizeof(int64_t) * count);
    memcpy(values, terms->values + m->first_entry, sizeof(ness_complex) * count);
  }
}

void ness_block_terms_destroy(ness_block_terms *terms) {
  if (!terms) {
    return;
  }
  ness_free(terms->matrices);
  ness_free(terms->starts);
  ness_free(terms->indices);
  ness_free(terms->values);
  ness_free(terms->jumps);
  ness_free(terms);
}
