// Groups of monomial matrices, classes of states and their blocks, shared by the blocks kernels.
#ifndef NESS_BLOCKS_PRIVATE_H
#define NESS_BLOCKS_PRIVATE_H

#include "ness_blocks.h"

NESS_BEGIN_DECLS

/// All elements of a group of monomial matrices, element 0 the identity, with its composition.
typedef struct ness_monomials {
  int64_t order; // basis states D
  int64_t size;  // elements |G|
  int64_t generator_count;
  int64_t exponent;                   // least common multiple of the orders of all elements
  int32_t *images;                    // |G| x D: element g takes state a to images[g*D + a] ...
  ness_complex *NESS_NULLABLE phases; // ... with phase phases[g*D + a]; null: one
  int32_t *products;                  // |G| x |G|: g h at g*|G| + h
  int32_t *inverses;                  // |G|
  int32_t *periods;                   // |G|: smallest m with g^m = 1
  int32_t *generators;                // generator_count: which element each generator is
  int32_t *parents; // |G|: element g is generator first[g] times element parents[g] ...
  int32_t *first;   // ... for g > 0
} ness_monomials;

ness_status ness_monomials_create(int64_t order, int64_t generator_count,
                                  const int64_t *NESS_NULLABLE images,
                                  const ness_complex *NESS_NULLABLE phases, int64_t limit,
                                  ness_monomials *out);
void ness_monomials_destroy(ness_monomials *group);

static inline int32_t ness_image(const ness_monomials *group, int64_t g, int64_t a) {
  return group->images[g * group->order + a];
}

static inline ness_complex ness_phase(const ness_monomials *group, int64_t g, int64_t a) {
  return group->phases ? group->phases[g * group->order + a] : (ness_complex){1, 0};
}

static inline ness_complex ness_times(ness_complex a, ness_complex b) {
  return (ness_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static inline ness_complex ness_conjugate(ness_complex a) {
  return (ness_complex){a.re, -a.im};
}

/// exp(2 pi i k / n), exact at quarter turns.
ness_complex ness_root_of_unity(int64_t k, int64_t n);

/// Class of every state, numbered by smallest member: the finest classes such that matrices
/// without elements between different classes stay so under K and the jump pairs, and that every
/// generator of the group maps to each other.
ness_status ness_blocks_classes(const ness_terms *terms, const ness_monomials *group,
                                int32_t *classes, int64_t *count);

/// One block: a subgroup H with a character, and a basis of what it transforms that way.
typedef struct ness_block {
  int64_t class_number;
  int64_t state_count;      // states of the class, |C|
  const int32_t *states;    // borrowed from the handle, ascending
  int64_t order;            // n
  int64_t subgroup_size;    // |H|
  int64_t stabilizer_size;  // |N|
  int64_t coset_count;      // |G| / |H|
  int32_t *subgroup;        // elements of H
  int64_t *character;       // |G|: chi(g) = exp(2 pi i character[g] / exponent), -1 outside H
  int32_t *cosets;          // one element of every left coset g H
  int32_t *coset_of;        // |G|: position of the coset of g in `cosets`
  int32_t *columns;         // |C|: column that a state belongs to, -1: none
  ness_complex *amplitudes; // |C|: U[a, columns[a]]
  int64_t *starts;          // n + 1: members[starts[c] .. starts[c+1]) make column c
  int32_t *members;         // positions of states in the class
} ness_block;

struct ness_blocks {
  ness_monomials group;
  int64_t class_count, block_count, capacity, orbit_count;
  int32_t *classes;      // D
  int32_t *places;       // D: position of a state in its class
  int64_t *class_starts; // class_count + 1
  int32_t *class_states; // D: states by class, ascending
  int32_t *class_owners; // class_count: the class that represents the orbit of a class
  int64_t *class_blocks; // class_count + 1: blocks of a class that represents its orbit
  int32_t *orbits;       // D: orbit of a state
  int32_t *orbit_sizes;  // orbit_count entries of D
  int32_t *orbit_smallest;
  int32_t *orbit_sources; // smallest member in the representative class
  ness_block *blocks;
};

/// Appends the blocks of one class, whose stabilizer in the group is given.
ness_status ness_blocks_split(ness_blocks *blocks, int64_t class_number, int64_t stabilizer_size,
                              const int32_t *stabilizer);

/// Appends the block of a character (see `ness_block`), unless it has no states.
ness_status ness_blocks_append(ness_blocks *blocks, int64_t class_number, const int64_t *character,
                               int64_t stabilizer_size);

/// Number of states of a class that transform by the character of the `count` elements `subgroup`;
/// `seen` has an entry per state of the class.
int64_t ness_blocks_dimension(const ness_blocks *blocks, int64_t class_number, int64_t count,
                              const int32_t *subgroup, const int64_t *character, uint8_t *seen);

NESS_END_DECLS

#endif
