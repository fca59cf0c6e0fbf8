/// Block-diagonal form of the matrices that a finite group of monomial matrices (permutations of
/// basis states with phases) and the sparsity of a generator leave invariant.
///
/// An invariant matrix is
///
///     rho = sum_b s_b sum_{g in G/H_b} g U_b rho_b U_b^+ g^+,
///
/// with rho_b of order n_b, U_b an isometry whose columns are supported on the orbits of a subgroup
/// H_b inside one class of states, H_b acting on them by a character, and s_b = |H_b| / |N_b| where
/// N_b >= H_b is the subgroup that maps the range of U_b to itself. The block stands for
/// |G| / |N_b| equal copies; sum_b n_b |G| / |N_b| = D.
#ifndef NESS_BLOCKS_H
#define NESS_BLOCKS_H

#include "ness_base.h"
#include "ness_generator.h"

NESS_BEGIN_DECLS

typedef struct ness_blocks ness_blocks;

/// Blocks of a generator under the group of `generator_count` monomial matrices P with
/// P |a> = phases[g*D + a] |images[g*D + a]>, D = terms->order; null `phases` are all one. They
/// must leave the generator invariant, which is not checked here. Classes of states are the finest
/// such that matrices without elements between classes stay so under the terms (rates are ignored:
/// they act on populations). Global phases of generators
/// are removed as far as they have no meaning. Cost |G| (D + |G|) and the nonzeros of the terms.
/// Errors: argument (phases not of modulus 1), notPermutation, limitExceeded (more than `limit`
/// group elements), memory, overflow.
ness_status ness_blocks_create(const ness_terms *terms, int64_t generator_count,
                               const int64_t *NESS_NULLABLE images,
                               const ness_complex *NESS_NULLABLE phases, int64_t limit,
                               ness_blocks *NESS_NULLABLE *NESS_NONNULL out);

/// Number of blocks.
int64_t ness_blocks_count(const ness_blocks *blocks);
/// Elements of the group.
int64_t ness_blocks_group_size(const ness_blocks *blocks);
/// Classes of basis states.
int64_t ness_blocks_class_count(const ness_blocks *blocks);
/// Orbits of basis states under the group.
int64_t ness_blocks_orbit_count(const ness_blocks *blocks);
/// Bytes held.
size_t ness_blocks_bytes(const ness_blocks *blocks);

/// Orders and numbers of equal copies; `count` entries each.
void ness_blocks_shapes(const ness_blocks *blocks, int64_t *orders, int64_t *multiplicities);
/// Orbit of every basis state, D entries, numbered by smallest member; sizes and smallest members,
/// `orbit_count` entries each.
void ness_blocks_orbits(const ness_blocks *blocks, int64_t *orbits, int64_t *sizes,
                        int64_t *smallest);
/// Orbit of basis states that column c of block b consists of, one block after the other;
/// sum of the orders many entries.
void ness_blocks_column_orbits(const ness_blocks *blocks, int64_t *orbits);
/// Column c of U_b, D entries. Errors: argument.
ness_status ness_blocks_column(const ness_blocks *blocks, int64_t block, int64_t column,
                               ness_complex *out);

void ness_blocks_destroy(ness_blocks *NESS_NULLABLE blocks);

/// Matrices of a generator on the blocks. Sizes are known only afterwards.
typedef struct ness_block_terms ness_block_terms;

/// One term weight A rho_source B^+ of block `target`; `left` and `right` number matrices of the
/// list, `right` is `left` when B equals A.
typedef struct ness_block_jump {
  int64_t target, source, left, right;
  double weight;
} ness_block_jump;

/// K_b = U_b^+ K U_b (matrix b of the list) and the jump terms without vanishing ones. Terms that
/// the group takes to each other are equal and stand as one with a larger weight.
/// Errors: argument (terms of another order), memory, overflow.
ness_status ness_block_terms_create(const ness_blocks *blocks, const ness_terms *terms,
                                    ness_block_terms *NESS_NULLABLE *NESS_NONNULL out);
int64_t ness_block_terms_jump_count(const ness_block_terms *terms);
/// `jump_count` entries.
void ness_block_terms_jumps(const ness_block_terms *terms, ness_block_jump *jumps);
/// Shape and entries of a matrix of the list.
void ness_block_terms_sizes(const ness_block_terms *terms, int64_t matrix, int64_t *rows,
                            int64_t *columns, int64_t *nonzeros);
/// Compressed columns: columns + 1, nonzeros and nonzeros entries.
void ness_block_terms_copy(const ness_block_terms *terms, int64_t matrix, int64_t *starts,
                           int64_t *indices, ness_complex *values);
void ness_block_terms_destroy(ness_block_terms *NESS_NULLABLE terms);

/// Elements <kets[i]| rho |bras[i]> from `matrices`, all rho_b one after the other, column-major.
/// Errors: argument (a state out of range). Cost: the copies of all blocks per element.
ness_status ness_blocks_elements(const ness_blocks *blocks, const ness_complex *matrices,
                                 int64_t count, const int64_t *kets, const int64_t *bras,
                                 ness_complex *out);

/// out[k, l] = sum of rho[a, b] over groups of states and members a, b of the same group with
/// places[a] = k and places[b] = l; a partial trace. Group i has the states
/// members[starts[i]..starts[i+1]), `places` has D entries below `order`, out is order x order.
/// Errors: argument, memory. Cost: per group its squared size times the copies of all blocks.
ness_status ness_blocks_partial_trace(const ness_blocks *blocks, const ness_complex *matrices,
                                      int64_t group_count, const int64_t *starts,
                                      const int64_t *members, int64_t order, const int64_t *places,
                                      ness_complex *out);

/// States s whose columns rho[:, s] determine all blocks, one per orbit: `orbit_count` entries.
void ness_blocks_sources(const ness_blocks *blocks, int64_t *states);
/// Fills those columns of the blocks U_b^+ rho U_b that the column rho[:, source] of an invariant
/// rho determines; all of them once every source has been visited. `matrices` as above.
/// Errors: argument (not a source).
ness_status ness_blocks_project_column(const ness_blocks *blocks, int64_t source,
                                       const ness_complex *column, ness_complex *matrices);

NESS_END_DECLS

#endif
