// Matrix elements of a state given by its blocks, and back.
#include "blocks_private.h"
#include "ness_internal.h"

// Column and amplitude of state a in g U_b; the column is -1 when the state is outside.
static int32_t locate(const ness_blocks *blocks, const ness_block *block, int64_t g, int64_t a,
                      ness_complex *amplitude) {
  const int32_t origin = ness_image(&blocks->group, blocks->group.inverses[g], a);
  if (blocks->classes[origin] != block->class_number) {
    return -1;
  }
  const int32_t place = blocks->places[origin];
  if (block->columns[place] >= 0) {
    *amplitude = blocks->group.phases
                     ? ness_times(block->amplitudes[place], ness_phase(&blocks->group, g, origin))
                     : block->amplitudes[place];
  }
  return block->columns[place];
}

static double share(const ness_block *block) {
  return (double)block->subgroup_size / (double)block->stabilizer_size;
}

static ness_complex element(const ness_blocks *blocks, const ness_complex *matrices, int64_t ket,
                            int64_t bra) {
  ness_complex sum = {0, 0};
  if (blocks->classes[ket] != blocks->classes[bra]) {
    return sum;
  }
  for (int64_t b = 0; b < blocks->block_count; ++b) {
    const ness_block *const block = &blocks->blocks[b];
    for (int64_t i = 0; i < block->coset_count; ++i) {
      ness_complex left, right;
      const int32_t row = locate(blocks, block, block->cosets[i], ket, &left);
      const int32_t column = row < 0 ? -1 : locate(blocks, block, block->cosets[i], bra, &right);
      if (column >= 0) {
        const ness_complex value = ness_times(ness_times(left, ness_conjugate(right)),
                                              matrices[row + column * block->order]);
        sum.re += share(block) * value.re;
        sum.im += share(block) * value.im;
      }
    }
    matrices += block->order * block->order;
  }
  return sum;
}

static bool are_states(const ness_blocks *blocks, int64_t count, const int64_t *states) {
  for (int64_t i = 0; i < count; ++i) {
    if (states[i] < 0 || states[i] >= blocks->group.order) {
      return false;
    }
  }
  return true;
}

ness_status ness_blocks_elements(const ness_blocks *blocks, const ness_complex *matrices,
                                 int64_t count, const int64_t *kets, const int64_t *bras,
                                 ness_complex *out) {
  if (count < 0 || !are_states(blocks, count, kets) || !are_states(blocks, count, bras)) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t i = 0; i < count; ++i) {
    out[i] = element(blocks, matrices, kets[i], bras[i]);
  }
  return NESS_OK;
}

// Members of a group of states inside one image of a block.
typedef struct gathered {
  int64_t count;
  int64_t *places;
  int64_t *columns;
  ness_complex *amplitudes;
} gathered;

static void gather(const ness_blocks *blocks, const ness_block *block, int64_t g, int64_t count,
                   const int64_t *members, const int64_t *places, gathered *found) {
  found->count = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int32_t column = locate(blocks, block, g, members[i], &found->amplitudes[found->count]);
    if (column >= 0) {
      found->places[found->count] = places[members[i]];
      found->columns[found->count++] = column;
    }
  }
}

NESS_CLONES
static void scatter(const gathered *found, int64_t order, const ness_complex *matrix, double factor,
                    int64_t out_order, ness_complex *out) {
  for (int64_t j = 0; j < found->count; ++j) {
    const ness_complex right = {factor * found->amplitudes[j].re,
                                -factor * found->amplitudes[j].im};
    const ness_complex *const column = matrix + found->columns[j] * order;
    ness_complex *const target = out + found->places[j] * out_order;
    for (int64_t i = 0; i < found->count; ++i) {
      const ness_complex value =
          ness_times(ness_times(found->amplitudes[i], right), column[found->columns[i]]);
      target[found->places[i]].re += value.re;
      target[found->places[i]].im += value.im;
    }
  }
}

static bool check_groups(const ness_blocks *blocks, int64_t group_count, const int64_t *starts,
                         const int64_t *members, int64_t order, const int64_t *places,
                         int64_t *largest) {
  *largest = 0;
  if (group_count < 0 || order < 1 || starts[0] != 0) {
    return false;
  }
  for (int64_t i = 0; i < group_count; ++i) {
    const int64_t length = starts[i + 1] - starts[i];
    if (length < 0) {
      return false;
    }
    *largest = length > *largest ? length : *largest;
  }
  for (int64_t a = 0; a < blocks->group.order; ++a) {
    if (places[a] < 0 || places[a] >= order) {
      return false;
    }
  }
  return are_states(blocks, starts[group_count], members);
}

ness_status ness_blocks_partial_trace(const ness_blocks *blocks, const ness_complex *matrices,
                                      int64_t group_count, const int64_t *starts,
                                      const int64_t *members, int64_t order, const int64_t *places,
                                      ness_complex *out) {
  int64_t largest;
  if (!check_groups(blocks, group_count, starts, members, order, places, &largest)) {
    return NESS_ERR_ARGUMENT;
  }
  // One entry more: a state outside still writes its amplitude behind the last one found.
  gathered found = {.places = ness_alloc(largest + 1, sizeof(int64_t)),
                    .columns = ness_alloc(largest + 1, sizeof(int64_t)),
                    .amplitudes = ness_alloc(largest + 1, sizeof(ness_complex))};
  ness_status status = NESS_ERR_MEMORY;
  if (found.places && found.columns && found.amplitudes) {
    status = NESS_OK;
    for (int64_t i = 0; i < order * order; ++i) {
      out[i] = (ness_complex){0, 0};
    }
    for (int64_t b = 0; b < blocks->block_count; ++b) {
      const ness_block *const block = &blocks->blocks[b];
      for (int64_t c = 0; c < block->coset_count; ++c) {
        for (int64_t i = 0; i < group_count; ++i) {
          gather(blocks, block, block->cosets[c], starts[i + 1] - starts[i], members + starts[i],
                 places, &found);
          scatter(&found, block->order, matrices, share(block), order, out);
        }
      }
      matrices += block->order * block->order;
    }
  }
  ness_free(found.places);
  ness_free(found.columns);
  ness_free(found.amplitudes);
  return status;
}

// An element that takes `source` to `state`; both are in one orbit.
static int64_t transporter(const ness_monomials *group, int64_t source, int64_t state) {
  int64_t g = 0;
  while (ness_image(group, g, source) != state) {
    ++g;
  }
  return g;
}

// Column o of U^+ rho U from rho[:, s]: with r = g s in the orbit o,
// rho[a, r] = phase_g(b) conj(phase_g(s)) rho[b, s] for b = g^-1 a, and all members of the orbit
// contribute the same.
static void project(const ness_blocks *blocks, const ness_block *block, int64_t o, int64_t source,
                    const ness_complex *column, ness_complex *out) {
  const ness_monomials *const group = &blocks->group;
  const int32_t place = block->members[block->starts[o]];
  const int64_t g = transporter(group, source, block->states[place]);
  const int32_t *const back = group->images + group->inverses[g] * group->order;
  const double length = (double)(block->starts[o + 1] - block->starts[o]);
  const ness_complex factor =
      ness_times(block->amplitudes[place], ness_conjugate(ness_phase(group, g, source)));
  for (int64_t i = 0; i < block->order; ++i) {
    out[i] = (ness_complex){0, 0};
  }
  for (int64_t i = 0; i < block->state_count; ++i) {
    if (block->columns[i] < 0) {
      continue;
    }
    const int32_t b = back[block->states[i]];
    const ness_complex moved = ness_times(ness_phase(group, g, b), column[b]);
    const ness_complex value = ness_times(ness_conjugate(block->amplitudes[i]), moved);
    out[block->columns[i]].re += value.re;
    out[block->columns[i]].im += value.im;
  }
  for (int64_t i = 0; i < block->order; ++i) {
    const ness_complex value = ness_times(factor, out[i]);
    out[i] = (ness_complex){length * value.re, length * value.im};
  }
}

ness_status ness_blocks_project_column(const ness_blocks *blocks, int64_t source,
                                       const ness_complex *column, ness_complex *matrices) {
  if (source < 0 || source >= blocks->group.order ||
      blocks->orbit_sources[blocks->orbits[source]] != source) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t b = 0; b < blocks->block_count; ++b) {
    const ness_block *const block = &blocks->blocks[b];
    for (int64_t o = 0; o < block->order; ++o) {
      if (blocks->orbits[block->states[block->members[block->starts[o]]]] ==
          blocks->orbits[source]) {
        project(blocks, block, o, source, column, matrices + o * block->order);
      }
    }
    matrices += block->order * block->order;
  }
  return NESS_OK;
}
