// The phases of a jump chain.

#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "jump_chain_private.h"

#include <cblas.h>
#include <string.h>

static const ness_complex one = {1, 0}, zero = {0, 0};

#define COMPLEX ness_complex
#define REAL double
#define ONE one
#define ZERO zero
#define GEMM cblas_zgemm
#define CHAIN(name) name
#include "jump_chain_panels_template.h"

NESS_CLONES static void unpack(int64_t n, int64_t first, int64_t count,
                               const double *restrict packed, ness_complex *restrict state) {
  for (int64_t j = first; j < first + count; ++j) {
    const double *column = packed + j * n, *row = packed + j;
    for (int64_t i = 0; i < n; ++i) {
      state[i + j * n] =
          (ness_complex){0.5 * (column[i] + row[i * n]), 0.5 * (column[i] - row[i * n])};
    }
  }
}

NESS_CLONES static void add_packed(int64_t count, const ness_complex *restrict state,
                                   double *restrict out) {
  for (int64_t k = 0; k < count; ++k) {
    out[k] += state[k].re + state[k].im;
  }
}

void chain_divide(int64_t n, const chain_task *task, double shift, const ness_complex *values,
                  ness_complex *state) {
  divide(n, task, shift, values, state);
}

static void negate(int64_t n, int64_t first, int64_t count, ness_complex *state) {
  for (int64_t j = first; j < first + count; ++j) {
    for (int64_t i = 0; i <= j; ++i) {
      state[i + j * n] = (ness_complex){-state[i + j * n].re, -state[i + j * n].im};
    }
  }
}

static bool inverts(ness_chain_phase phase) {
  return phase == NESS_CHAIN_FORWARD || phase == NESS_CHAIN_DIVIDE || phase == NESS_CHAIN_BACK ||
         phase == NESS_CHAIN_FINISH;
}

static ness_status run_panel(ness_chain *c, ness_chain_phase phase, int64_t index, const double *in,
                             double *out) {
  const chain_task *task = &c->tasks[index];
  const chain_block *block = &c->blocks[task->block];
  const int64_t n = block->order, first = task->first, count = task->count;
  const int64_t rows = first + count;
  ness_complex *state = c->state + block->offset, *scratch = c->scratch + block->offset;
  const bool schur = block->form == NESS_CHAIN_SCHUR;
  if (c->precision == NESS_CHAIN_SINGLE && inverts(phase)) {
    chain_single_panel(c, phase, task);
    return NESS_OK;
  }
  switch (phase) {
  case NESS_CHAIN_LOAD:
    if (in != NULL) {
      unpack(n, first, count, in + block->offset, state);
    } else {
      memset(state + first * n, 0, (size_t)(count * n) * sizeof *state);
    }
    return NESS_OK;
  case NESS_CHAIN_FORWARD:
    product(n, n, task, schur, schur ? block->left : block->right, false, state, scratch);
    return NESS_OK;
  case NESS_CHAIN_DIVIDE:
    if (schur) {
      product(n, rows, task, false, scratch, false, block->left, state);
      negate(n, first, count, state);
    } else {
      product(n, rows, task, false, scratch, true, block->right, state);
      divide(n, task, c->shift, block->values, state);
    }
    mirror(n, task, state);
    return NESS_OK;
  case NESS_CHAIN_BACK:
    product(n, n, task, false, block->left, false, state, scratch);
    return NESS_OK;
  case NESS_CHAIN_FINISH:
    product(n, rows, task, false, scratch, true, block->left, state);
    mirror(n, task, state);
    return NESS_OK;
  case NESS_CHAIN_ADD:
    add_packed(count * n, state + first * n, out + block->offset + first * n);
    return NESS_OK;
  case NESS_CHAIN_JUMP:
    chain_jump_panel(c, task, in, out);
    return NESS_OK;
  case NESS_CHAIN_CHANGE:
    c->largest[index] = chain_change_panel(c, task, out);
    return NESS_OK;
  case NESS_CHAIN_POPULATE:
    if (schur) {
      return NESS_ERR_ARGUMENT;
    }
    chain_populate(c, task);
    return NESS_OK;
  default:
    return NESS_ERR_ARGUMENT;
  }
}

static bool is_decomposed(const ness_chain *c) {
  for (int64_t b = 0; b < c->block_count; ++b) {
    const chain_block *block = &c->blocks[b];
    if (block->right == NULL ||
        (c->precision == NESS_CHAIN_SINGLE && block->right_single == NULL)) {
      return false;
    }
  }
  return true;
}

// What a phase needs of its arguments.
static bool accepts(const ness_chain *c, ness_chain_phase phase, const double *in,
                    const double *out) {
  switch (phase) {
  case NESS_CHAIN_SPREAD:
    return in != NULL && c->orbit_count > 0;
  case NESS_CHAIN_FLOW:
    return out != NULL && c->orbit_count > 0;
  case NESS_CHAIN_COLLECT:
  case NESS_CHAIN_GATHER:
    return c->orbit_count > 0;
  case NESS_CHAIN_POPULATE:
    return c->orbit_count > 0 && is_decomposed(c);
  case NESS_CHAIN_JUMP:
    return in != NULL && out != NULL;
  case NESS_CHAIN_CHANGE:
  case NESS_CHAIN_ADD:
    return out != NULL;
  case NESS_CHAIN_FORWARD:
  case NESS_CHAIN_DIVIDE:
  case NESS_CHAIN_SYLVESTER:
  case NESS_CHAIN_BACK:
  case NESS_CHAIN_FINISH:
    return is_decomposed(c);
  default:
    return true;
  }
}

int64_t ness_chain_tasks(const ness_chain *c, ness_chain_phase phase) {
  switch (phase) {
  case NESS_CHAIN_SPREAD:
  case NESS_CHAIN_DIAGONAL:
  case NESS_CHAIN_COLLECT:
  case NESS_CHAIN_GATHER:
  case NESS_CHAIN_FLOW:
    return 1;
  case NESS_CHAIN_SYLVESTER:
    return c->block_count;
  default:
    return c->task_count;
  }
}

ness_status ness_chain_run(ness_chain *c, ness_chain_phase phase, int64_t task, const double *in,
                           double *out) {
  if (task < 0 || task >= ness_chain_tasks(c, phase) || !accepts(c, phase, in, out)) {
    return NESS_ERR_ARGUMENT;
  }
  switch (phase) {
  case NESS_CHAIN_SPREAD:
    chain_spread(c, in);
    return NESS_OK;
  case NESS_CHAIN_DIAGONAL:
    for (int64_t b = 0; b < c->block_count; ++b) {
      const chain_block *block = &c->blocks[b];
      for (int64_t i = 0; i < block->order; ++i) {
        c->state[block->offset + i * (block->order + 1)].re += c->diagonal[block->row_offset + i];
      }
    }
    return NESS_OK;
  case NESS_CHAIN_COLLECT:
  case NESS_CHAIN_GATHER:
    chain_collect(c, phase == NESS_CHAIN_GATHER);
    return NESS_OK;
  case NESS_CHAIN_FLOW:
    chain_flow(c, in, out);
    return NESS_OK;
  case NESS_CHAIN_SYLVESTER: {
    const chain_block *block = &c->blocks[task];
    return block->form == NESS_CHAIN_SCHUR
               ? chain_triangular(block->order, block->right, c->shift, c->state + block->offset)
               : NESS_OK;
  }
  default:
    return run_panel(c, phase, task, in, out);
  }
}
