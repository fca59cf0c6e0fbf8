/// Row access to the matrices of a generator. The generator comes in compressed columns; assembly
/// needs, for a matrix element (a, b), row a of every left factor and row b of every right factor
/// at once. One stack per side, sorted by term within a row, turns that into a merge of two short
/// lists.
#include "ness_internal.h"
#include "sector_private.h"

ness_status ness_stack_create(int64_t order, int64_t count, const ness_zcsc *matrices,
                              bool transposed, ness_stack *stack) {
  int64_t total = 0;
  for (int64_t k = 0; k < count; ++k) {
    total += matrices[k].starts[order];
  }
  *stack = (ness_stack){
      .starts = ness_calloc(order + 2, sizeof(int64_t)),
      .terms = ness_alloc(total + 1, sizeof(int64_t)),
      .columns = ness_alloc(total + 1, sizeof(int64_t)),
      .values = ness_alloc(total + 1, sizeof(ness_complex)),
  };
  if (!stack->starts || !stack->terms || !stack->columns || !stack->values) {
    ness_stack_destroy(stack);
    return NESS_ERR_MEMORY;
  }
  // Counting sort with the offsets shifted by one, so that the fill leaves them in place.
  int64_t *const next = stack->starts + 1;
  for (int64_t k = 0; k < count; ++k) {
    for (int64_t c = 0; c < order; ++c) {
      for (int64_t p = matrices[k].starts[c]; p < matrices[k].starts[c + 1]; ++p) {
        const int64_t row = transposed ? c : matrices[k].indices[p];
        if (row + 1 < order) {
          ++next[row + 1];
        }
      }
    }
  }
  for (int64_t a = 1; a < order; ++a) {
    next[a] += next[a - 1];
  }
  for (int64_t k = 0; k < count; ++k) {
    for (int64_t c = 0; c < order; ++c) {
      for (int64_t p = matrices[k].starts[c]; p < matrices[k].starts[c + 1]; ++p) {
        const int64_t row = transposed ? c : matrices[k].indices[p];
        const int64_t slot = next[row]++;
        stack->terms[slot] = k;
        stack->columns[slot] = transposed ? matrices[k].indices[p] : c;
        stack->values[slot] = matrices[k].values[p];
      }
    }
  }
  return NESS_OK;
}

void ness_stack_destroy(ness_stack *stack) {
  ness_free(stack->starts);
  ness_free(stack->terms);
  ness_free(stack->columns);
  ness_free(stack->values);
  *stack = (ness_stack){0};
}

static ness_status stack_rates(const ness_dcsc *rates, bool transposed, ness_rows *rows) {
  const int64_t order = rates->rows;
  const int64_t total = rates->starts[order];
  rows->rate_starts = ness_calloc(order + 2, sizeof(int64_t));
  rows->rate_columns = ness_alloc(total + 1, sizeof(int64_t));
  rows->rate_values = ness_alloc(total + 1, sizeof(double));
  if (!rows->rate_starts || !rows->rate_columns || !rows->rate_values) {
    return NESS_ERR_MEMORY;
  }
  int64_t *const next = rows->rate_starts + 1;
  for (int64_t c = 0; c < order; ++c) {
    for (int64_t p = rates->starts[c]; p < rates->starts[c + 1]; ++p) {
      const int64_t row = transposed ? c : rates->indices[p];
      if (row + 1 < order) {
        ++next[row + 1];
      }
    }
  }
  for (int64_t a = 1; a < order; ++a) {
    next[a] += next[a - 1];
  }
  for (int64_t c = 0; c < order; ++c) {
    for (int64_t p = rates->starts[c]; p < rates->starts[c + 1]; ++p) {
      const int64_t slot = next[transposed ? c : rates->indices[p]]++;
      rows->rate_columns[slot] = transposed ? rates->indices[p] : c;
      rows->rate_values[slot] = rates->values[p];
    }
  }
  return NESS_OK;
}

// Whether all right factors are the left ones, as for jump operators.
static bool same_factors(const ness_terms *terms) {
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    if (terms->left[k].values != terms->right[k].values ||
        terms->left[k].indices != terms->right[k].indices ||
        terms->left[k].starts != terms->right[k].starts) {
      return false;
    }
  }
  return true;
}

ness_status ness_rows_create(const ness_terms *terms, bool transposed, ness_rows *rows) {
  *rows = (ness_rows){0};
  ness_status status = ness_stack_create(terms->order, 1, &terms->drift, transposed, &rows->drift);
  if (status == NESS_OK) {
    status =
        ness_stack_create(terms->order, terms->jump_count, terms->left, transposed, &rows->left);
  }
  if (status == NESS_OK && same_factors(terms)) {
    rows->right = rows->left;
    rows->is_shared = true;
  } else if (status == NESS_OK) {
    status =
        ness_stack_create(terms->order, terms->jump_count, terms->right, transposed, &rows->right);
  }
  if (status == NESS_OK && terms->rates) {
    status = stack_rates(terms->rates, transposed, rows);
  }
  if (status != NESS_OK) {
    ness_rows_destroy(rows);
  }
  return status;
}

void ness_rows_destroy(ness_rows *rows) {
  ness_stack_destroy(&rows->drift);
  ness_stack_destroy(&rows->left);
  if (!rows->is_shared) {
    ness_stack_destroy(&rows->right);
  }
  ness_free(rows->rate_starts);
  ness_free(rows->rate_columns);
  ness_free(rows->rate_values);
  *rows = (ness_rows){0};
}
