// What flows back: jumps, classical rates, and the whole generator as its own check.

#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "jump_chain_private.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

// y += a x for complex vectors.
static inline __attribute__((always_inline)) void
add_multiple(int64_t n, ness_complex a, const ness_complex *restrict x, ness_complex *restrict y) {
  for (int64_t i = 0; i < n; ++i) {
    y[i].re += a.re * x[i].re - a.im * x[i].im;
    y[i].im += a.re * x[i].im + a.im * x[i].re;
  }
}

// y += w A x for a sparse A.
static inline __attribute__((always_inline)) void add_product(const ness_zcsc *a, double weight,
                                                              const ness_complex *restrict x,
                                                              ness_complex *restrict y) {
  for (int64_t l = 0; l < a->columns; ++l) {
    const double re = weight * x[l].re, im = weight * x[l].im;
    for (int64_t k = a->starts[l]; k < a->starts[l + 1]; ++k) {
      const ness_complex v = a->values[k];
      ness_complex *target = &y[a->indices[k]];
      target->re += v.re * re - v.im * im;
      target->im += v.re * im + v.im * re;
    }
  }
}

// y += (J state)(:, column) of one block; `x` has room for the longest column.
NESS_CLONES static void add_jumps(const ness_chain *c, int64_t target, int64_t column,
                                  ness_complex *restrict x, ness_complex *restrict y) {
  for (int64_t j = 0; j < c->jump_count; ++j) {
    const chain_jump *jump = &c->jumps[j];
    const ness_zcsc *right = &jump->right_adjoint.view;
    if (jump->target != target || right->starts[column] == right->starts[column + 1]) {
      continue;
    }
    const chain_block *source = &c->blocks[jump->source];
    const int64_t n = source->order;
    const ness_complex *state = c->state + source->offset;
    memset(x, 0, (size_t)n * sizeof *x);
    for (int64_t k = right->starts[column]; k < right->starts[column + 1]; ++k) {
      add_multiple(n, right->values[k], state + right->indices[k] * n, x);
    }
    add_product(&jump->left.view, jump->weight, x, y);
  }
}

// Two columns of room for one panel; they hold the longest column each.
static ness_complex *room(const ness_chain *c, const chain_task *task) {
  return c->room + (task - c->tasks) * 2 * c->largest_order;
}

// What the classical rates bring into one basis state of a block.
static double inflow(const ness_chain *c, const chain_block *block, int64_t state) {
  return c->orbit_count > 0 ? c->diagonal[block->row_offset + state] : 0;
}

NESS_CLONES static void add_scaled(int64_t n, double s, const ness_complex *restrict x,
                                   ness_complex *restrict y) {
  for (int64_t i = 0; i < n; ++i) {
    y[i].re += s * x[i].re;
    y[i].im += s * x[i].im;
  }
}

NESS_CLONES static void add_drift(const chain_block *block, int64_t column,
                                  const ness_complex *restrict state, ness_complex *restrict y) {
  const int64_t n = block->order;
  const ness_zcsc *adjoint = &block->drift_adjoint.view;
  add_product(&block->drift.view, 1, state + column * n, y);
  for (int64_t k = adjoint->starts[column]; k < adjoint->starts[column + 1]; ++k) {
    add_multiple(n, adjoint->values[k], state + adjoint->indices[k] * n, y);
  }
}

void chain_jump_panel(const ness_chain *c, const chain_task *task, const double *in, double *out) {
  const chain_block *block = &c->blocks[task->block];
  const int64_t n = block->order;
  ness_complex *x = room(c, task), *y = x + c->largest_order;
  const double deflation = ness_chain_trace(c, in) / c->trace_of_identity;
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    const int64_t place = block->offset + j * n;
    memset(y, 0, (size_t)n * sizeof *y);
    add_jumps(c, task->block, j, x, y);
    y[j].re += inflow(c, block, j);
    if (c->shift != 0) {
      add_scaled(n, c->shift, c->state + place, y);
    }
    for (int64_t i = 0; i < n; ++i) {
      out[place + i] = in[place + i] - (y[i].re + y[i].im);
    }
    out[place + j] += deflation;
  }
}

double chain_change_panel(const ness_chain *c, const chain_task *task, double *out) {
  const chain_block *block = &c->blocks[task->block];
  const int64_t n = block->order;
  ness_complex *x = room(c, task), *y = x + c->largest_order;
  double largest = 0;
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    double *column = out + block->offset + j * n;
    memset(y, 0, (size_t)n * sizeof *y);
    add_drift(block, j, c->state + block->offset, y);
    add_jumps(c, task->block, j, x, y);
    y[j].re += inflow(c, block, j);
    for (int64_t i = 0; i < n; ++i) {
      const double length = hypot(y[i].re, y[i].im);
      // A NaN must not be lost in a comparison, nor be replaced by a number that follows it.
      largest = length <= largest || isnan(largest) ? largest : length;
      column[i] = y[i].re + y[i].im;
    }
  }
  return largest;
}

void chain_spread(ness_chain *c, const double *in) {
  memset(c->diagonal, 0, (size_t)c->rows * sizeof *c->diagonal);
  for (int64_t b = 0; b < c->block_count; ++b) {
    const ness_dcsc *source = &c->blocks[b].source.view;
    double *diagonal = c->diagonal + c->blocks[b].row_offset;
    for (int64_t o = 0; o < c->orbit_count; ++o) {
      for (int64_t k = source->starts[o]; k < source->starts[o + 1]; ++k) {
        diagonal[source->indices[k]] += source->values[k] * in[o];
      }
    }
  }
}

// Populations of state i of a block: summed over panels in their order, or from the state.
static double population(const ness_chain *c, int64_t block, int64_t i, bool from_panels) {
  const chain_block *b = &c->blocks[block];
  if (!from_panels) {
    return c->state[b->offset + i * (b->order + 1)].re;
  }
  double sum = 0;
  for (int64_t k = 0; k < b->order; k += CHAIN_PANEL) {
    sum += c->partials[b->partial_offset + k / CHAIN_PANEL * b->order + i];
  }
  return sum;
}

void chain_collect(ness_chain *c, bool from_panels) {
  memset(c->populations, 0, (size_t)c->orbit_count * sizeof *c->populations);
  for (int64_t b = 0; b < c->block_count; ++b) {
    const ness_dcsc *collect = &c->blocks[b].population.view;
    for (int64_t i = 0; i < c->blocks[b].order; ++i) {
      const double p = population(c, b, i, from_panels);
      for (int64_t k = collect->starts[i]; k < collect->starts[i + 1]; ++k) {
        c->populations[collect->indices[k]] += collect->values[k] * p;
      }
    }
  }
  memset(c->inflow, 0, (size_t)c->orbit_count * sizeof *c->inflow);
  const ness_dcsc *rates = &c->rates.view;
  for (int64_t o = 0; o < c->orbit_count; ++o) {
    for (int64_t k = rates->starts[o]; k < rates->starts[o + 1]; ++k) {
      c->inflow[rates->indices[k]] += rates->values[k] * c->populations[o];
    }
  }
  chain_spread(c, c->inflow);
}

void chain_flow(const ness_chain *c, const double *in, double *out) {
  double trace = 0;
  for (int64_t o = 0; o < c->orbit_count && in != NULL; ++o) {
    trace += c->orbit_weights[o] * in[o];
  }
  for (int64_t o = 0; o < c->orbit_count; ++o) {
    out[o] = in != NULL ? in[o] - c->inflow[o] + trace / c->trace_of_orbits : c->inflow[o];
  }
}

// tmp = diag(d) (V^-1)^+ on a panel of columns.
NESS_CLONES static void weigh_rows(int64_t n, const chain_task *task, const double *restrict d,
                                   const ness_complex *restrict inverse,
                                   ness_complex *restrict tmp) {
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    for (int64_t k = 0; k < n; ++k) {
      const ness_complex x = inverse[j + k * n];
      tmp[k + j * n] = (ness_complex){d[k] * x.re, -d[k] * x.im};
    }
  }
}

// Keeps the part above the diagonal and half of the diagonal itself: the whole is that plus its
// adjoint.
static void keep_half(int64_t n, const chain_task *task, ness_complex *state) {
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    state[j + j * n] = (ness_complex){0.5 * state[j + j * n].re, 0};
    for (int64_t i = j + 1; i < task->first + task->count; ++i) {
      state[i + j * n] = (ness_complex){0, 0};
    }
  }
}

NESS_CLONES static void add_diagonal(int64_t n, const chain_task *task,
                                     const ness_complex *restrict product,
                                     const ness_complex *restrict vectors,
                                     double *restrict partial) {
  memset(partial, 0, (size_t)n * sizeof *partial);
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    for (int64_t i = 0; i < n; ++i) {
      const ness_complex a = product[i + j * n], b = vectors[i + j * n];
      partial[i] += 2 * (a.re * b.re + a.im * b.im);
    }
  }
}

void chain_populate(ness_chain *c, const chain_task *task) {
  const chain_block *block = &c->blocks[task->block];
  const int64_t n = block->order, first = task->first;
  const ness_complex one = {1, 0}, zero = {0, 0};
  const int order = (int)n, rows = (int)(first + task->count), count = (int)task->count;
  ness_complex *state = c->state + block->offset, *scratch = c->scratch + block->offset;
  weigh_rows(n, task, c->diagonal + block->row_offset, block->right, scratch);
  cblas_zgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, rows, count, order, &one, block->right,
              order, scratch + first * n, order, &zero, state + first * n, order);
  chain_divide(n, task, c->shift, block->values, state);
  keep_half(n, task, state);
  cblas_zgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, order, count, rows, &one, block->left,
              order, state + first * n, order, &zero, scratch + first * n, order);
  add_diagonal(n, task, scratch, block->left,
               c->partials + block->partial_offset + first / CHAIN_PANEL * n);
}
