// Layout of the jump chain: blocks, panels, buffers. The mathematics is in ness_jump_chain.h.
#ifndef JUMP_CHAIN_PRIVATE_H
#define JUMP_CHAIN_PRIVATE_H

#include "ness_internal.h"
#include "ness_jump_chain.h"

// Columns of a panel: wide enough for matrix products at full speed, narrow enough to share a block
// among threads and to skip most of what lies below the diagonal.
enum { CHAIN_PANEL = 64 };

// Copied sparse matrices; `view` points into the other fields.
typedef struct chain_zmatrix {
  ness_zcsc view;
  int64_t *starts, *indices;
  ness_complex *values;
} chain_zmatrix;

typedef struct chain_dmatrix {
  ness_dcsc view;
  int64_t *starts, *indices;
  double *values;
} chain_dmatrix;

// Complex number in single precision.
typedef struct chain_single {
  float re, im;
} chain_single;

typedef struct chain_block {
  int64_t order, multiplicity;
  int64_t offset;         // of its elements among those of all blocks
  int64_t row_offset;     // of its rows among those of all blocks
  int64_t partial_offset; // of the populations that its panels find, one after the other
  chain_zmatrix drift, drift_adjoint;
  chain_dmatrix population, source;
  ness_chain_form form;
  ness_complex *left;         // V or Q
  ness_complex *right;        // V^-1 or T
  ness_complex *values;       // eigenvalues of K
  chain_single *right_single; // V^-1 and V behind it, once asked for
} chain_block;

typedef struct chain_jump {
  int64_t target, source;
  double weight;
  chain_zmatrix left, right_adjoint; // A and B^+
} chain_jump;

// One panel of columns of one block.
typedef struct chain_task {
  int64_t block, first, count;
} chain_task;

struct ness_chain {
  int64_t block_count, jump_count, task_count, orbit_count;
  int64_t elements, rows, largest_order, partial_count;
  ness_chain_precision precision;
  double shift, trace_of_identity, trace_of_orbits;
  chain_block *blocks;
  chain_jump *jumps;
  chain_dmatrix rates;
  chain_task *tasks;     // large blocks first, so that equal shares are dealt out
  ness_complex *state;   // elements
  ness_complex *scratch; // elements
  ness_complex *room;    // two of the longest columns for every task
  double *diagonal;      // rows
  double *partials;      // populations by panel
  double *orbit_weights; // traces of sources
  double *populations;   // orbits
  double *inflow;        // orbits
  double *largest;       // one per task
};

// Frees the decomposition of a block.
void chain_forget(chain_block *block);

// Solves T X + X T^+ = Y for Hermitian Y in place, T upper triangular of order n.
ness_status chain_triangular(int64_t n, const ness_complex *t, double shift, ness_complex *y);

// -x_ij / (value_i + conj value_j - shift) for rows up to the diagonal of a panel.
void chain_divide(int64_t n, const chain_task *task, double shift, const ness_complex *values,
                  ness_complex *state);

// FORWARD, DIVIDE, BACK and FINISH for one panel in single precision.
void chain_single_panel(ness_chain *chain, ness_chain_phase phase, const chain_task *task);

// JUMP and CHANGE for one panel.
void chain_jump_panel(const ness_chain *chain, const chain_task *task, const double *in,
                      double *out);
double chain_change_panel(const ness_chain *chain, const chain_task *task, double *out);

// The phases on orbits.
void chain_spread(ness_chain *chain, const double *in);
void chain_collect(ness_chain *chain, bool from_panels);
void chain_flow(const ness_chain *chain, const double *in, double *out);
void chain_populate(ness_chain *chain, const chain_task *task);

#endif
