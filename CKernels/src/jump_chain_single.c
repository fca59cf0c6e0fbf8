// The inverse of the part without jumps in single precision: half the time of the products, for
// solvers that refine with residuals in double precision. Both buffers share the scratch space of
// the double ones; what goes in and comes out is the state in double precision.

#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "jump_chain_private.h"

#include <cblas.h>

static const chain_single one = {1, 0}, zero = {0, 0};

#define COMPLEX chain_single
#define REAL float
#define ONE one
#define ZERO zero
#define GEMM cblas_cgemm
#define CHAIN(name) name
#include "jump_chain_panels_template.h"

NESS_CLONES static void narrow(int64_t count, const ness_complex *restrict from,
                               chain_single *restrict to) {
  for (int64_t k = 0; k < count; ++k) {
    to[k] = (chain_single){(float)from[k].re, (float)from[k].im};
  }
}

// A panel of a Hermitian matrix down to the diagonal, mirrored.
NESS_CLONES static void widen(int64_t n, const chain_task *task, const chain_single *restrict from,
                              ness_complex *restrict to) {
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    for (int64_t i = 0; i < j; ++i) {
      const ness_complex x = {from[i + j * n].re, from[i + j * n].im};
      to[i + j * n] = x;
      to[j + i * n] = (ness_complex){x.re, -x.im};
    }
    to[j * (n + 1)] = (ness_complex){from[j * (n + 1)].re, 0};
  }
}

ness_status ness_chain_set_precision(ness_chain *c, ness_chain_precision precision) {
  if (precision != NESS_CHAIN_DOUBLE && precision != NESS_CHAIN_SINGLE) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t b = 0; precision == NESS_CHAIN_SINGLE && b < c->block_count; ++b) {
    chain_block *block = &c->blocks[b];
    const int64_t elements = block->order * block->order;
    if (block->right == NULL || block->form != NESS_CHAIN_EIGENVECTORS) {
      return NESS_ERR_ARGUMENT;
    }
    if (block->right_single != NULL) {
      continue;
    }
    // V and V^-1 side by side, so that a block has both or none; one column to spare, see
    // ness_lapack_matrix.
    block->right_single = ness_alloc(2 * elements + block->order, sizeof *block->right_single);
    if (block->right_single == NULL) {
      return NESS_ERR_MEMORY;
    }
    narrow(elements, block->right, block->right_single);
    narrow(elements, block->left, block->right_single + elements);
  }
  c->precision = precision;
  return NESS_OK;
}

void chain_single_panel(ness_chain *c, ness_chain_phase phase, const chain_task *task) {
  const chain_block *block = &c->blocks[task->block];
  const int64_t n = block->order, rows = task->first + task->count, first = task->first * n;
  const chain_single *right = block->right_single, *left = right + n * n;
  ness_complex *full = c->state + block->offset;
  chain_single *state = (chain_single *)c->scratch + block->offset;
  chain_single *scratch = state + c->elements;
  switch (phase) {
  case NESS_CHAIN_FORWARD:
    narrow(task->count * n, full + first, state + first);
    product(n, n, task, false, right, false, state, scratch);
    break;
  case NESS_CHAIN_DIVIDE:
    product(n, rows, task, false, scratch, true, right, state);
    divide(n, task, c->shift, block->values, state);
    mirror(n, task, state);
    break;
  case NESS_CHAIN_BACK:
    product(n, n, task, false, left, false, state, scratch);
    break;
  default:
    product(n, rows, task, false, scratch, true, left, state);
    widen(n, task, state, full);
    break;
  }
}
