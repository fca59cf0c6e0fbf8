// Creation of a jump chain: copies, buffers, panels.

#include "jump_chain_private.h"

#include "dense_private.h"
#include "ness_sparse.h"

#include <math.h>
#include <string.h>

static bool copy_z(const ness_zcsc *matrix, bool adjoint, chain_zmatrix *copy) {
  const int64_t columns = adjoint ? matrix->rows : matrix->columns;
  const int64_t count = matrix->starts[matrix->columns];
  copy->starts = ness_alloc(columns + 1, sizeof *copy->starts);
  copy->indices = ness_alloc(count, sizeof *copy->indices);
  copy->values = ness_alloc(count, sizeof *copy->values);
  if (copy->starts == NULL || copy->indices == NULL || copy->values == NULL) {
    return false;
  }
  copy->view = (ness_zcsc){adjoint ? matrix->columns : matrix->rows, columns, copy->starts,
                           copy->indices, copy->values};
  if (adjoint) {
    return ness_zcsc_transpose(matrix, true, copy->starts, copy->indices, copy->values) == NESS_OK;
  }
  memcpy(copy->starts, matrix->starts, (size_t)(columns + 1) * sizeof *copy->starts);
  memcpy(copy->indices, matrix->indices, (size_t)count * sizeof *copy->indices);
  memcpy(copy->values, matrix->values, (size_t)count * sizeof *copy->values);
  return true;
}

static bool copy_d(const ness_dcsc *matrix, chain_dmatrix *copy) {
  const int64_t count = matrix->starts[matrix->columns];
  copy->starts = ness_alloc(matrix->columns + 1, sizeof *copy->starts);
  copy->indices = ness_alloc(count, sizeof *copy->indices);
  copy->values = ness_alloc(count, sizeof *copy->values);
  if (copy->starts == NULL || copy->indices == NULL || copy->values == NULL) {
    return false;
  }
  copy->view =
      (ness_dcsc){matrix->rows, matrix->columns, copy->starts, copy->indices, copy->values};
  memcpy(copy->starts, matrix->starts, (size_t)(matrix->columns + 1) * sizeof *copy->starts);
  memcpy(copy->indices, matrix->indices, (size_t)count * sizeof *copy->indices);
  memcpy(copy->values, matrix->values, (size_t)count * sizeof *copy->values);
  return true;
}

static void free_z(chain_zmatrix *copy) {
  ness_free(copy->values);
  ness_free(copy->indices);
  ness_free(copy->starts);
}

static void free_d(chain_dmatrix *copy) {
  ness_free(copy->values);
  ness_free(copy->indices);
  ness_free(copy->starts);
}

static bool has_shape_z(const ness_zcsc *matrix, int64_t rows, int64_t columns) {
  return matrix->rows == rows && matrix->columns == columns && ness_zcsc_check(matrix) == NESS_OK;
}

static bool has_shape_d(const ness_dcsc *matrix, int64_t rows, int64_t columns) {
  return matrix != NULL && matrix->rows == rows && matrix->columns == columns &&
         ness_dcsc_check(matrix) == NESS_OK;
}

static bool is_valid(const ness_chain_terms *terms) {
  if (terms->block_count < 1 || terms->jump_count < 0) {
    return false;
  }
  const int64_t orbits = terms->rates != NULL ? terms->rates->rows : 0;
  if (terms->rates != NULL && !has_shape_d(terms->rates, orbits, orbits)) {
    return false;
  }
  for (int64_t b = 0; b < terms->block_count; ++b) {
    const ness_chain_block *block = &terms->blocks[b];
    const int64_t n = block->drift.rows;
    if (n < 1 || n >= INT_MAX || block->multiplicity < 1 || !has_shape_z(&block->drift, n, n)) {
      return false;
    }
    if (terms->rates != NULL &&
        (!has_shape_d(block->population, orbits, n) || !has_shape_d(block->source, n, orbits))) {
      return false;
    }
  }
  for (int64_t j = 0; j < terms->jump_count; ++j) {
    const ness_chain_jump *jump = &terms->jumps[j];
    if (jump->target < 0 || jump->target >= terms->block_count || jump->source < 0 ||
        jump->source >= terms->block_count || !isfinite(jump->weight)) {
      return false;
    }
    const int64_t rows = terms->blocks[jump->target].drift.rows;
    const int64_t columns = terms->blocks[jump->source].drift.rows;
    if (!has_shape_z(&jump->left, rows, columns) || !has_shape_z(&jump->right, rows, columns)) {
      return false;
    }
  }
  return true;
}

static ness_status copy_blocks(ness_chain *c, const ness_chain_terms *terms) {
  for (int64_t b = 0; b < c->block_count; ++b) {
    const ness_chain_block *given = &terms->blocks[b];
    chain_block *block = &c->blocks[b];
    int64_t elements;
    block->order = given->drift.rows;
    block->multiplicity = given->multiplicity;
    block->offset = c->elements;
    block->row_offset = c->rows;
    if (!ness_product(block->order, block->order, &elements) ||
        __builtin_add_overflow(c->elements, elements, &c->elements)) {
      return NESS_ERR_OVERFLOW;
    }
    const int64_t panels = (block->order - 1) / CHAIN_PANEL + 1;
    block->partial_offset = c->partial_count;
    c->partial_count += panels * block->order;
    c->rows += block->order;
    c->task_count += panels;
    c->largest_order = block->order > c->largest_order ? block->order : c->largest_order;
    c->trace_of_identity += (double)block->multiplicity * (double)block->order;
    if (!copy_z(&given->drift, false, &block->drift) ||
        !copy_z(&given->drift, true, &block->drift_adjoint) ||
        (terms->rates != NULL && (!copy_d(given->population, &block->population) ||
                                  !copy_d(given->source, &block->source)))) {
      return NESS_ERR_MEMORY;
    }
  }
  for (int64_t j = 0; j < c->jump_count; ++j) {
    const ness_chain_jump *given = &terms->jumps[j];
    chain_jump *jump = &c->jumps[j];
    jump->target = given->target;
    jump->source = given->source;
    jump->weight = given->weight;
    if (!copy_z(&given->left, false, &jump->left) ||
        !copy_z(&given->right, true, &jump->right_adjoint)) {
      return NESS_ERR_MEMORY;
    }
  }
  return terms->rates == NULL || copy_d(terms->rates, &c->rates) ? NESS_OK : NESS_ERR_MEMORY;
}

// Panels by descending cost: columns far to the right of large blocks come first.
static void list_tasks(ness_chain *c) {
  int64_t count = 0;
  for (int64_t b = 0; b < c->block_count; ++b) {
    const int64_t n = c->blocks[b].order;
    for (int64_t first = 0; first < n; first += CHAIN_PANEL) {
      const chain_task task = {b, first, n - first < CHAIN_PANEL ? n - first : CHAIN_PANEL};
      // Insertion: there are few panels, and equal costs must keep their order.
      int64_t k = count++;
      for (; k > 0; --k) {
        const chain_task *other = &c->tasks[k - 1];
        const int64_t m = c->blocks[other->block].order;
        if (m > n || (m == n && (other->block < b || other->first > first))) {
          break;
        }
        c->tasks[k] = *other;
      }
      c->tasks[k] = task;
    }
  }
}

static void weigh_orbits(ness_chain *c) {
  for (int64_t b = 0; b < c->block_count; ++b) {
    const ness_dcsc *source = &c->blocks[b].source.view;
    for (int64_t o = 0; o < c->orbit_count; ++o) {
      for (int64_t k = source->starts[o]; k < source->starts[o + 1]; ++k) {
        c->orbit_weights[o] += (double)c->blocks[b].multiplicity * source->values[k];
      }
    }
  }
  for (int64_t o = 0; o < c->orbit_count; ++o) {
    c->trace_of_orbits += c->orbit_weights[o];
  }
}

ness_status ness_chain_create(const ness_chain_terms *terms, ness_chain **out) {
  *out = NULL;
  if (!is_valid(terms)) {
    return NESS_ERR_ARGUMENT;
  }
  ness_chain *c = ness_calloc(1, sizeof *c);
  if (c == NULL) {
    return NESS_ERR_MEMORY;
  }
  ness_status status = NESS_ERR_MEMORY;
  c->block_count = terms->block_count;
  c->jump_count = terms->jump_count;
  c->orbit_count = terms->rates != NULL ? terms->rates->rows : 0;
  c->blocks = ness_calloc(c->block_count, sizeof *c->blocks);
  c->jumps = ness_calloc(c->jump_count, sizeof *c->jumps);
  if (c->blocks == NULL || c->jumps == NULL) {
    c->block_count = c->blocks == NULL ? 0 : c->block_count;
    c->jump_count = 0;
    goto failed;
  }
  status = copy_blocks(c, terms);
  if (status != NESS_OK) {
    goto failed;
  }
  status = NESS_ERR_MEMORY;
  c->tasks = ness_alloc(c->task_count, sizeof *c->tasks);
  if (c->tasks == NULL) {
    goto failed;
  }
  list_tasks(c);
  // One column to spare, see ness_lapack_matrix.
  c->state = ness_calloc(c->elements + c->rows, sizeof *c->state);
  c->scratch = ness_calloc(c->elements + c->rows, sizeof *c->scratch);
  c->room = ness_calloc(2 * c->largest_order * c->task_count, sizeof *c->room);
  c->diagonal = ness_calloc(c->rows, sizeof *c->diagonal);
  c->partials = ness_calloc(c->orbit_count > 0 ? c->partial_count : 0, sizeof *c->partials);
  c->orbit_weights = ness_calloc(c->orbit_count, sizeof *c->orbit_weights);
  c->populations = ness_calloc(c->orbit_count, sizeof *c->populations);
  c->inflow = ness_calloc(c->orbit_count, sizeof *c->inflow);
  c->largest = ness_calloc(c->task_count, sizeof *c->largest);
  if (c->state == NULL || c->scratch == NULL || c->room == NULL || c->diagonal == NULL ||
      c->partials == NULL || c->orbit_weights == NULL || c->populations == NULL ||
      c->inflow == NULL || c->largest == NULL) {
    goto failed;
  }
  weigh_orbits(c);
  *out = c;
  return NESS_OK;
failed:
  ness_chain_destroy(c);
  return status;
}

void ness_chain_destroy(ness_chain *c) {
  if (c == NULL) {
    return;
  }
  for (int64_t b = 0; b < c->block_count; ++b) {
    chain_block *block = &c->blocks[b];
    chain_forget(block);
    free_z(&block->drift);
    free_z(&block->drift_adjoint);
    free_d(&block->population);
    free_d(&block->source);
  }
  for (int64_t j = 0; j < c->jump_count; ++j) {
    free_z(&c->jumps[j].left);
    free_z(&c->jumps[j].right_adjoint);
  }
  free_d(&c->rates);
  ness_free(c->largest);
  ness_free(c->inflow);
  ness_free(c->populations);
  ness_free(c->orbit_weights);
  ness_free(c->partials);
  ness_free(c->diagonal);
  ness_free(c->room);
  ness_free(c->scratch);
  ness_free(c->state);
  ness_free(c->tasks);
  ness_free(c->jumps);
  ness_free(c->blocks);
  ness_free(c);
}

void ness_chain_shift(ness_chain *c, double shift) {
  c->shift = shift;
}

double ness_chain_largest(const ness_chain *c) {
  double largest = 0;
  for (int64_t t = 0; t < c->task_count; ++t) {
    // A NaN must not be lost in a comparison, nor be replaced by a number that follows it.
    if (isnan(c->largest[t])) {
      return c->largest[t];
    }
    largest = fmax(largest, c->largest[t]);
  }
  return largest;
}

int64_t ness_chain_order(const ness_chain *c) {
  return c->elements;
}

double ness_chain_trace(const ness_chain *c, const double *packed) {
  double trace = 0;
  for (int64_t b = 0; b < c->block_count; ++b) {
    const chain_block *block = &c->blocks[b];
    double sum = 0;
    for (int64_t i = 0; i < block->order; ++i) {
      sum += packed[block->offset + i * (block->order + 1)];
    }
    trace += (double)block->multiplicity * sum;
  }
  return trace;
}

int64_t ness_chain_bytes(int64_t block_count, const int64_t *orders, int64_t workers, bool single) {
  double elements = 0, largest = 0, panels = 0, partials = 0;
  for (int64_t b = 0; b < block_count; ++b) {
    const double n = (double)orders[b], own = floor((n - 1) / (double)CHAIN_PANEL) + 1;
    elements += n * (n + 2);
    largest = n > largest ? n : largest;
    panels += own;
    partials += own * n;
  }
  // State, scratch, V and V^-1, these two perhaps in single precision as well; a decomposition
  // works on a dense copy of K and blocked workspaces; every panel has room for two of the longest
  // columns.
  const double bytes =
      16 * ((single ? 5 : 4) * elements + (double)workers * largest * (2 * largest + 70) +
            2 * largest * panels) +
      8 * partials;
  return bytes < 9e18 ? (int64_t)bytes : INT64_MAX;
}
