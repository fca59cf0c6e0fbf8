// How a group of monomial matrices permutes jump pairs: P A_k P^+ = c A_k', P B_k P^+ = c B_k' with
// a phase c, so that the term A rho B^+ of an invariant rho goes to that of k'. Candidates are
// found by a hash of the moved pattern that does not depend on the order of entries, then compared
// entry by entry.
#include <math.h>
#include <string.h>

#include "blocks_jumps.h"
#include "blocks_private.h"
#include "ness_internal.h"

// Conjugation keeps values up to rounding of phases and of whatever computed the operators.
#define VALUE_TOLERANCE 1e-10

static uint64_t hash_entry(uint64_t row, uint64_t column) {
  return ness_splitmix(row * NESS_SPLITMIX_INCREMENT + column + 0x632BE59BD9B4E019ULL);
}

// Hash of the pattern after moving states by element g.
static uint64_t hash_moved(const ness_monomials *group, int64_t g, const ness_zcsc *matrix) {
  uint64_t hash = 0;
  for (int64_t c = 0; c < matrix->columns; ++c) {
    const uint64_t column = (uint64_t)ness_image(group, g, c);
    for (int64_t p = matrix->starts[c]; p < matrix->starts[c + 1]; ++p) {
      hash += hash_entry((uint64_t)ness_image(group, g, matrix->indices[p]), column);
    }
  }
  return hash;
}

static const ness_complex *entry(const ness_zcsc *matrix, int64_t row, int64_t column) {
  int64_t low = matrix->starts[column], high = matrix->starts[column + 1];
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (matrix->indices[middle] < row) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const bool found = low < matrix->starts[column + 1] && matrix->indices[low] == row;
  return found ? &matrix->values[low] : NULL;
}

// Whether P a P^+ = factor b, and the factor, which must have modulus 1.
static bool moves_to(const ness_monomials *group, int64_t g, const ness_zcsc *a, const ness_zcsc *b,
                     ness_complex *factor) {
  double largest = 0;
  for (int64_t p = 0; p < a->starts[a->columns]; ++p) {
    largest = fmax(largest, hypot(a->values[p].re, a->values[p].im));
  }
  bool known = false;
  *factor = (ness_complex){1, 0};
  for (int64_t c = 0; c < a->columns; ++c) {
    for (int64_t p = a->starts[c]; p < a->starts[c + 1]; ++p) {
      const int64_t row = a->indices[p];
      const ness_complex *const other =
          entry(b, ness_image(group, g, row), ness_image(group, g, c));
      if (!other) {
        return false;
      }
      const ness_complex phase =
          ness_times(ness_phase(group, g, row), ness_conjugate(ness_phase(group, g, c)));
      const ness_complex moved = ness_times(phase, a->values[p]);
      // The first entry that is not tiny fixes the factor.
      if (!known && hypot(moved.re, moved.im) > 0.1 * largest) {
        const ness_complex quotient = ness_times(moved, ness_conjugate(*other));
        const double norm = hypot(quotient.re, quotient.im);
        if (!(norm > 0)) {
          return false;
        }
        *factor = (ness_complex){quotient.re / norm, quotient.im / norm};
        known = true;
      }
    }
  }
  for (int64_t c = 0; c < a->columns; ++c) {
    for (int64_t p = a->starts[c]; p < a->starts[c + 1]; ++p) {
      const int64_t row = a->indices[p];
      const ness_complex phase =
          ness_times(ness_phase(group, g, row), ness_conjugate(ness_phase(group, g, c)));
      const ness_complex moved = ness_times(phase, a->values[p]);
      const ness_complex *const other =
          entry(b, ness_image(group, g, row), ness_image(group, g, c));
      const ness_complex expected = ness_times(*factor, *other);
      if (!(hypot(moved.re - expected.re, moved.im - expected.im) <= VALUE_TOLERANCE * largest)) {
        return false;
      }
    }
  }
  return true;
}

static bool pair_moves_to(const ness_monomials *group, int64_t g, const ness_terms *terms,
                          int64_t k, int64_t other) {
  ness_complex left, right;
  if (terms->left[k].starts[terms->order] != terms->left[other].starts[terms->order] ||
      terms->right[k].starts[terms->order] != terms->right[other].starts[terms->order]) {
    return false;
  }
  if (!moves_to(group, g, &terms->left[k], &terms->left[other], &left)) {
    return false;
  }
  if (ness_is_shared(terms, k) && ness_is_shared(terms, other)) {
    return true;
  }
  return moves_to(group, g, &terms->right[k], &terms->right[other], &right) &&
         fabs(left.re - right.re) + fabs(left.im - right.im) < 1e-8;
}

// How many pairs before a pair equal it.
static void count_twins(const ness_monomials *group, const ness_terms *terms, const uint64_t *still,
                        int32_t *twins) {
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    twins[k] = 0;
    for (int64_t other = 0; other < k; ++other) {
      twins[k] += still[other] == still[k] && pair_moves_to(group, 0, terms, other, k);
    }
  }
}

// Images of all pairs under element g; false when some pair has none. `still[k]` is its hash at
// rest. Of equal pairs the n-th goes to the n-th, or the images would not compose like the group.
static bool move_pairs(const ness_monomials *group, int64_t g, const ness_terms *terms,
                       const uint64_t *still, const int32_t *twins, int32_t *moved) {
  int64_t guess = 0;
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    const uint64_t hash = hash_moved(group, g, &terms->left[k]);
    int64_t found = -1;
    // Pairs are usually listed in the order of sites: the neighbour of the last hit comes first.
    for (int64_t i = 0; i < terms->jump_count && found < 0; ++i) {
      const int64_t other = (guess + i) % terms->jump_count;
      if (twins[other] == twins[k] && still[other] == hash &&
          pair_moves_to(group, g, terms, k, other)) {
        found = other;
      }
    }
    if (found < 0) {
      return false;
    }
    moved[k] = (int32_t)found;
    guess = found + 1;
  }
  return true;
}

ness_status ness_jump_images(const ness_monomials *group, const ness_terms *terms,
                             int32_t **images) {
  const int64_t count = terms->jump_count;
  *images = NULL;
  int64_t room;
  if (count == 0 || group->size == 1) {
    return NESS_OK;
  }
  if (!ness_product(group->size, count, &room)) {
    return NESS_ERR_OVERFLOW;
  }
  uint64_t *const still = ness_alloc(count, sizeof(uint64_t));
  int32_t *const twins = ness_alloc(count, sizeof(int32_t));
  int32_t *const table = ness_alloc(room, sizeof(int32_t));
  int32_t *const moved = ness_alloc(count * group->generator_count, sizeof(int32_t));
  ness_status status = NESS_ERR_MEMORY;
  bool is_permuted = still && twins && table && moved;
  if (is_permuted) {
    status = NESS_OK;
    for (int64_t k = 0; k < count; ++k) {
      still[k] = hash_moved(group, 0, &terms->left[k]);
      table[k] = (int32_t)k;
    }
    count_twins(group, terms, still, twins);
    for (int64_t s = 0; s < group->generator_count && is_permuted; ++s) {
      is_permuted = move_pairs(group, group->generators[s], terms, still, twins, moved + s * count);
    }
    for (int64_t g = 1; g < group->size && is_permuted; ++g) {
      for (int64_t k = 0; k < count; ++k) {
        table[g * count + k] =
            moved[group->first[g] * count + table[group->parents[g] * count + k]];
      }
    }
  }
  ness_free(still);
  ness_free(twins);
  ness_free(moved);
  if (is_permuted) {
    *images = table;
  } else {
    ness_free(table);
  }
  return status;
}
