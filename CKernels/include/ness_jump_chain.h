/// Chain of jumps of a generator on block-diagonal Hermitian matrices.
///
///     (L rho)_b = K_b rho_b + rho_b K_b^+ + (J rho)_b
///     (J rho)_b = sum_{j: target b} w_j A_j rho_{source j} B_j^+ + diag(S_b W p)
///     p = sum_c P_c diag(rho_c),     trace rho = sum_b m_b tr rho_b
///
/// With the part without jumps shifted, S rho = (K - s/2) rho + rho (K - s/2)^+, a source y = J rho
/// + s rho belongs to every stationary rho = -S^-1 y, and is the fixed point of the
/// trace-preserving map y -> (J + s) (-S^-1 y). S^-1 needs one decomposition per block and four
/// products.
///
/// A Hermitian block Y travels packed as n x n real numbers Re Y + Im Y, blocks one behind the
/// other: the packing keeps Euclidean norms. The handle holds two buffers of full complex blocks,
/// `state` and `scratch`. Work comes in phases of independent tasks, each a fixed panel of columns;
/// all tasks of a phase may run side by side, phases follow each other. Results do not depend on
/// the distribution of tasks.
#ifndef NESS_JUMP_CHAIN_H
#define NESS_JUMP_CHAIN_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// One block.
typedef struct ness_chain_block {
  int64_t multiplicity;                      ///< m_b >= 1.
  ness_zcsc drift;                           ///< K_b, n_b x n_b, n_b >= 1.
  const ness_dcsc *NESS_NULLABLE population; ///< P_b, orbits x n_b; null without rates.
  const ness_dcsc *NESS_NULLABLE source;     ///< S_b, n_b x orbits; null without rates.
} ness_chain_block;

/// One term w A rho B^+.
typedef struct ness_chain_jump {
  int64_t target, source; ///< Blocks.
  double weight;          ///< w.
  ness_zcsc left, right;  ///< A and B, n_target x n_source.
} ness_chain_jump;

/// The generator. It must preserve Hermiticity: terms (A, B) and (B, A) both occur.
typedef struct ness_chain_terms {
  int64_t block_count;                        ///< At least 1.
  const ness_chain_block *blocks;             ///< `block_count` blocks.
  int64_t jump_count;                         ///< Number of terms.
  const ness_chain_jump *NESS_NULLABLE jumps; ///< `jump_count` terms.
  const ness_dcsc *NESS_NULLABLE rates;       ///< W, orbits x orbits, or null.
} ness_chain_terms;

/// Copies of all matrices, buffers and decompositions.
typedef struct ness_chain ness_chain;

/// How K_b is decomposed.
typedef enum NESS_OPEN_ENUM ness_chain_form {
  NESS_CHAIN_EIGENVECTORS NESS_SWIFT_NAME(eigenvectors) = 0, ///< K = V diag(values) V^-1.
  NESS_CHAIN_SCHUR NESS_SWIFT_NAME(schur) =
      1, ///< K = Q T Q^+, for bases of eigenvectors that are ill-conditioned.
} ness_chain_form;

/// Steps of a computation; `in` and `out` are arguments of `ness_chain_run`.
typedef enum NESS_OPEN_ENUM ness_chain_phase {
  NESS_CHAIN_LOAD NESS_SWIFT_NAME(load) = 0, ///< state = in (packed), or 0 where `in` is null.
  NESS_CHAIN_SPREAD NESS_SWIFT_NAME(spread) =
      1, ///< diagonal = S in, `in` one number per orbit. One task.
  NESS_CHAIN_DIAGONAL NESS_SWIFT_NAME(diagonal) = 2, ///< state += diag(diagonal). One task.
  NESS_CHAIN_FORWARD NESS_SWIFT_NAME(forward) = 3,   ///< scratch = V^-1 state.
  NESS_CHAIN_DIVIDE NESS_SWIFT_NAME(divide) =
      4, ///< state = scratch V^-+, divided by minus the sums of eigenvalues.
  NESS_CHAIN_SYLVESTER NESS_SWIFT_NAME(sylvester) =
      5,                                     ///< The triangular equations of blocks in Schur form.
  NESS_CHAIN_BACK NESS_SWIFT_NAME(back) = 6, ///< scratch = V state.
  NESS_CHAIN_FINISH NESS_SWIFT_NAME(finish) =
      7, ///< state = scratch V^+; now -S^-1 of what state was before FORWARD.
  NESS_CHAIN_COLLECT NESS_SWIFT_NAME(collect) =
      8, ///< inflow = W p(state). One task; needed before JUMP where W is given.
  /// out = in - (J + s) state + tr(in) identity/tr(1).
  NESS_CHAIN_JUMP NESS_SWIFT_NAME(jump) = 9,
  NESS_CHAIN_CHANGE NESS_SWIFT_NAME(change) =
      10, ///< out (packed) = L state, without the shift; notes its largest element.
  NESS_CHAIN_ADD NESS_SWIFT_NAME(add) = 11, ///< out += packed state.
  NESS_CHAIN_POPULATE NESS_SWIFT_NAME(populate) =
      12, ///< Panels of p(-S^-1 diag(diagonal)); blocks in eigenvector form only.
  NESS_CHAIN_GATHER NESS_SWIFT_NAME(gather) = 13, ///< inflow = W p from those panels. One task.
  NESS_CHAIN_FLOW NESS_SWIFT_NAME(flow) =
      14, ///< out (orbits) = inflow, or in - inflow + deflation as in JUMP. One task.
} ness_chain_phase;

/// Copies the generator and allocates the buffers.
/// Errors: argument (shapes, blocks out of range, values not finite), memory, overflow.
ness_status ness_chain_create(const ness_chain_terms *terms,
                              ness_chain *NESS_NULLABLE *NESS_NONNULL out);
void ness_chain_destroy(ness_chain *NESS_NULLABLE chain);

/// What a decomposition found.
typedef struct ness_chain_info {
  ness_chain_form form; ///< The form in use.
  double condition;     ///< Frobenius condition number of V; 1 for Schur forms.
  double gap;           ///< Smallest |value_i + conj value_j|, without the shift.
  double scale;         ///< Largest |value_i|.
} ness_chain_info;

/// Decomposes block `block`, replacing an earlier decomposition. With EIGENVECTORS, a basis whose
/// condition number exceeds `condition_limit` (or which is singular) is dropped for the Schur form.
/// Different blocks may be decomposed side by side. Cost about 100 n_b^3 operations.
/// Errors: argument, memory, overflow, convergence.
ness_status ness_chain_factor(ness_chain *chain, int64_t block, ness_chain_form form,
                              double condition_limit, ness_chain_info *info);

/// Arithmetic of FORWARD, DIVIDE, BACK and FINISH.
typedef enum NESS_OPEN_ENUM ness_chain_precision {
  NESS_CHAIN_DOUBLE NESS_SWIFT_NAME(double) = 0, ///< Double precision, as of everything else.
  NESS_CHAIN_SINGLE NESS_SWIFT_NAME(single) =
      1, ///< Single precision, in half the time: for a solver that refines.
} ness_chain_precision;

/// Sets the arithmetic; double after creation. Single needs all blocks in eigenvector form, copies
/// these once, and has to be set again after a new decomposition. What comes out of FINISH then has
/// an error of about 1e-7 times the square of the condition number. Errors: argument, memory.
ness_status ness_chain_set_precision(ness_chain *chain, ness_chain_precision precision);

/// Sets the shift s >= 0; 0 after creation. Decompositions stay valid.
void ness_chain_shift(ness_chain *chain, double shift);

/// Tasks of a phase.
int64_t ness_chain_tasks(const ness_chain *chain, ness_chain_phase phase);

/// One task of a phase. Packed vectors have `ness_chain_order` components.
/// Errors: argument, singular (a triangular equation has no finite solution).
ness_status ness_chain_run(ness_chain *chain, ness_chain_phase phase, int64_t task,
                           const double *NESS_NULLABLE in, double *NESS_NULLABLE out);

/// Largest |element| that the last CHANGE found.
double ness_chain_largest(const ness_chain *chain);

/// Sum of n_b^2.
int64_t ness_chain_order(const ness_chain *chain);

/// Trace of a packed vector, with multiplicities.
double ness_chain_trace(const ness_chain *chain, const double *packed);

/// Largest bytes held at once by the handle and by `workers` decompositions made side by side, for
/// blocks of these orders; sparse matrices not counted. `single` counts what SINGLE copies.
/// INT64_MAX when they do not fit.
int64_t ness_chain_bytes(int64_t block_count, const int64_t *orders, int64_t workers, bool single);

NESS_END_DECLS

#endif
