// The handle: classes, orbits of states, blocks with their bases.
//
// Column of a block: the projection sum_h conj(chi(h)) h |r> of a state r, normalized. It vanishes
// unless chi agrees with the phase of every h that leaves r in place, and is the same for all
// members of the orbit H r up to a phase: one column per orbit, disjoint supports.
#include "ness_blocks.h"

#include <math.h>
#include <string.h>

#include "blocks_private.h"
#include "ness_internal.h"

static void destroy_block(ness_block *block) {
  ness_free(block->subgroup);
  ness_free(block->character);
  ness_free(block->cosets);
  ness_free(block->coset_of);
  ness_free(block->columns);
  ness_free(block->amplitudes);
  ness_free(block->starts);
  ness_free(block->members);
}

// conj(chi(h)) times the phase of h at state r.
static ness_complex weight_of(const ness_monomials *group, const int64_t *character, int64_t h,
                              int64_t r) {
  const ness_complex chi = ness_root_of_unity(character[h], group->exponent);
  return ness_times(ness_conjugate(chi), ness_phase(group, h, r));
}

// Visits the orbit of state r and says whether the character agrees with the phases of what leaves
// r in place.
static bool visit_orbit(const ness_blocks *blocks, int64_t r, int64_t count,
                        const int32_t *subgroup, const int64_t *character, uint8_t *seen) {
  bool agrees = true;
  for (int64_t i = 0; i < count; ++i) {
    const int32_t image = ness_image(&blocks->group, subgroup[i], r);
    seen[blocks->places[image]] = 1;
    if (image == r) {
      const ness_complex weight = weight_of(&blocks->group, character, subgroup[i], r);
      agrees &= fabs(weight.re - 1) + fabs(weight.im) < 1e-6;
    }
  }
  return agrees;
}

int64_t ness_blocks_dimension(const ness_blocks *blocks, int64_t class_number, int64_t count,
                              const int32_t *subgroup, const int64_t *character, uint8_t *seen) {
  const int64_t first = blocks->class_starts[class_number];
  const int64_t states = blocks->class_starts[class_number + 1] - first;
  memset(seen, 0, (size_t)states);
  int64_t dimension = 0;
  for (int64_t i = 0; i < states; ++i) {
    if (!seen[i]) {
      dimension +=
          visit_orbit(blocks, blocks->class_states[first + i], count, subgroup, character, seen);
    }
  }
  return dimension;
}

// Columns, amplitudes and member lists of a block whose subgroup and character are set.
static void fill_basis(const ness_blocks *blocks, ness_block *block, uint8_t *seen) {
  const ness_monomials *const group = &blocks->group;
  int64_t filled = 0;
  memset(seen, 0, (size_t)block->state_count);
  for (int64_t i = 0; i < block->state_count; ++i) {
    block->columns[i] = -1;
    block->amplitudes[i] = (ness_complex){0, 0};
  }
  for (int64_t i = 0; i < block->state_count; ++i) {
    const int32_t r = block->states[i];
    if (seen[i] ||
        !visit_orbit(blocks, r, block->subgroup_size, block->subgroup, block->character, seen)) {
      continue;
    }
    block->starts[block->order] = filled;
    for (int64_t h = 0; h < block->subgroup_size; ++h) {
      const int32_t place = blocks->places[ness_image(group, block->subgroup[h], r)];
      if (block->columns[place] < 0) {
        block->columns[place] = (int32_t)block->order;
        block->amplitudes[place] = weight_of(group, block->character, block->subgroup[h], r);
        block->members[filled++] = place;
      }
    }
    const double norm = 1 / sqrt((double)(filled - block->starts[block->order]));
    for (int64_t m = block->starts[block->order]; m < filled; ++m) {
      block->amplitudes[block->members[m]].re *= norm;
      block->amplitudes[block->members[m]].im *= norm;
    }
    ++block->order;
  }
  block->starts[block->order] = filled;
}

static void fill_cosets(const ness_monomials *group, ness_block *block) {
  for (int64_t g = 0; g < group->size; ++g) {
    block->coset_of[g] = -1;
  }
  for (int64_t g = 0; g < group->size; ++g) {
    if (block->coset_of[g] < 0) {
      for (int64_t h = 0; h < block->subgroup_size; ++h) {
        block->coset_of[group->products[g * group->size + block->subgroup[h]]] =
            (int32_t)block->coset_count;
      }
      block->cosets[block->coset_count++] = (int32_t)g;
    }
  }
}

static ness_status reserve_block(ness_blocks *blocks) {
  if (blocks->block_count == blocks->capacity) {
    const int64_t capacity = blocks->capacity ? 2 * blocks->capacity : 16;
    ness_block *const larger = ness_realloc(blocks->blocks, capacity, sizeof(ness_block));
    if (!larger) {
      return NESS_ERR_MEMORY;
    }
    blocks->blocks = larger;
    blocks->capacity = capacity;
  }
  return NESS_OK;
}

ness_status ness_blocks_append(ness_blocks *blocks, int64_t class_number, const int64_t *character,
                               int64_t stabilizer_size) {
  const ness_monomials *const group = &blocks->group;
  if (reserve_block(blocks) != NESS_OK) {
    return NESS_ERR_MEMORY;
  }
  const int64_t first = blocks->class_starts[class_number];
  ness_block block = {.class_number = class_number,
                      .state_count = blocks->class_starts[class_number + 1] - first,
                      .states = blocks->class_states + first,
                      .stabilizer_size = stabilizer_size};
  for (int64_t g = 0; g < group->size; ++g) {
    block.subgroup_size += character[g] >= 0;
  }
  block.subgroup = ness_alloc(block.subgroup_size, sizeof(int32_t));
  block.character = ness_alloc(group->size, sizeof(int64_t));
  block.cosets = ness_alloc(group->size / block.subgroup_size, sizeof(int32_t));
  block.coset_of = ness_alloc(group->size, sizeof(int32_t));
  block.columns = ness_alloc(block.state_count, sizeof(int32_t));
  block.amplitudes = ness_alloc(block.state_count, sizeof(ness_complex));
  block.starts = ness_alloc(block.state_count + 1, sizeof(int64_t));
  block.members = ness_alloc(block.state_count, sizeof(int32_t));
  uint8_t *const seen = ness_alloc(block.state_count, 1);
  if (!block.subgroup || !block.character || !block.cosets || !block.coset_of || !block.columns ||
      !block.amplitudes || !block.starts || !block.members || !seen) {
    destroy_block(&block);
    ness_free(seen);
    return NESS_ERR_MEMORY;
  }
  memcpy(block.character, character, sizeof(int64_t) * (size_t)group->size);
  for (int64_t g = 0, filled = 0; g < group->size; ++g) {
    if (character[g] >= 0) {
      block.subgroup[filled++] = (int32_t)g;
    }
  }
  fill_basis(blocks, &block, seen);
  fill_cosets(group, &block);
  ness_free(seen);
  if (block.order == 0) {
    destroy_block(&block);
  } else {
    blocks->blocks[blocks->block_count++] = block;
  }
  return NESS_OK;
}

// States by class, from the class of every state.
static void sort_states(ness_blocks *blocks) {
  const int64_t order = blocks->group.order;
  int64_t *const next = blocks->class_starts;
  for (int64_t a = 0; a < order; ++a) {
    blocks->places[a] = (int32_t)next[blocks->classes[a] + 1]++;
  }
  for (int64_t c = 0; c < blocks->class_count; ++c) {
    next[c + 1] += next[c];
  }
  for (int64_t a = 0; a < order; ++a) {
    blocks->class_states[next[blocks->classes[a]] + blocks->places[a]] = (int32_t)a;
  }
}

static void find_orbits(ness_blocks *blocks) {
  const ness_monomials *const group = &blocks->group;
  for (int64_t a = 0; a < group->order; ++a) {
    blocks->orbits[a] = -1;
  }
  for (int64_t a = 0; a < group->order; ++a) {
    if (blocks->orbits[a] < 0) {
      const int64_t orbit = blocks->orbit_count++;
      blocks->orbit_smallest[orbit] = (int32_t)a;
      blocks->orbit_sizes[orbit] = 0;
      for (int64_t g = 0; g < group->size; ++g) {
        const int32_t image = ness_image(group, g, a);
        blocks->orbit_sizes[orbit] += blocks->orbits[image] < 0;
        blocks->orbits[image] = (int32_t)orbit;
      }
    }
  }
}

// Splits one class of every orbit of classes, and notes the states that represent orbits in it.
static ness_status split_classes(ness_blocks *blocks, int32_t *stabilizer) {
  const ness_monomials *const group = &blocks->group;
  for (int64_t c = 0; c < blocks->class_count; ++c) {
    blocks->class_owners[c] = -1;
  }
  for (int64_t o = 0; o < blocks->orbit_count; ++o) {
    blocks->orbit_sources[o] = -1;
  }
  for (int64_t c = 0; c < blocks->class_count; ++c) {
    blocks->class_blocks[c] = blocks->block_count;
    if (blocks->class_owners[c] >= 0) {
      continue;
    }
    int64_t count = 0;
    const int32_t *const states = blocks->class_states + blocks->class_starts[c];
    for (int64_t g = 0; g < group->size; ++g) {
      const int32_t image = blocks->classes[ness_image(group, g, states[0])];
      blocks->class_owners[image] = (int32_t)c;
      if (image == c) {
        stabilizer[count++] = (int32_t)g;
      }
    }
    for (int64_t i = 0; i < blocks->class_starts[c + 1] - blocks->class_starts[c]; ++i) {
      int32_t *const source = &blocks->orbit_sources[blocks->orbits[states[i]]];
      *source = *source < 0 ? states[i] : *source;
    }
    const ness_status status = ness_blocks_split(blocks, c, count, stabilizer);
    if (status != NESS_OK) {
      return status;
    }
  }
  blocks->class_blocks[blocks->class_count] = blocks->block_count;
  return NESS_OK;
}

static ness_status fill(ness_blocks *blocks, const ness_terms *terms) {
  const int64_t order = terms->order;
  blocks->classes = ness_alloc(order, sizeof(int32_t));
  blocks->places = ness_alloc(order, sizeof(int32_t));
  blocks->class_states = ness_alloc(order, sizeof(int32_t));
  blocks->orbits = ness_alloc(order, sizeof(int32_t));
  blocks->orbit_sizes = ness_alloc(order, sizeof(int32_t));
  blocks->orbit_smallest = ness_alloc(order, sizeof(int32_t));
  blocks->orbit_sources = ness_alloc(order, sizeof(int32_t));
  if (!blocks->classes || !blocks->places || !blocks->class_states || !blocks->orbits ||
      !blocks->orbit_sizes || !blocks->orbit_smallest || !blocks->orbit_sources) {
    return NESS_ERR_MEMORY;
  }
  ness_status status =
      ness_blocks_classes(terms, &blocks->group, blocks->classes, &blocks->class_count);
  if (status != NESS_OK) {
    return status;
  }
  blocks->class_starts = ness_calloc(blocks->class_count + 1, sizeof(int64_t));
  blocks->class_blocks = ness_calloc(blocks->class_count + 1, sizeof(int64_t));
  int32_t *const stabilizer = ness_alloc(blocks->group.size, sizeof(int32_t));
  blocks->class_owners = ness_alloc(blocks->class_count, sizeof(int32_t));
  if (blocks->class_starts && blocks->class_blocks && blocks->class_owners && stabilizer) {
    sort_states(blocks);
    find_orbits(blocks);
    status = split_classes(blocks, stabilizer);
  } else {
    status = NESS_ERR_MEMORY;
  }
  ness_free(stabilizer);
  return status;
}

ness_status ness_blocks_create(const ness_terms *terms, int64_t generator_count,
                               const int64_t *images, const ness_complex *phases, int64_t limit,
                               ness_blocks **out) {
  *out = NULL;
  if (terms->order < 1 || generator_count < 0 || limit < 1 || (generator_count > 0 && !images)) {
    return NESS_ERR_ARGUMENT;
  }
  if (terms->order > INT32_MAX || limit > INT32_MAX) {
    return NESS_ERR_OVERFLOW;
  }
  ness_blocks *const blocks = ness_calloc(1, sizeof(ness_blocks));
  if (!blocks) {
    return NESS_ERR_MEMORY;
  }
  ness_status status =
      ness_monomials_create(terms->order, generator_count, images, phases, limit, &blocks->group);
  if (status == NESS_OK) {
    status = fill(blocks, terms);
  }
  if (status != NESS_OK) {
    ness_blocks_destroy(blocks);
    return status;
  }
  *out = blocks;
  return NESS_OK;
}

void ness_blocks_destroy(ness_blocks *blocks) {
  if (!blocks) {
    return;
  }
  for (int64_t b = 0; b < blocks->block_count; ++b) {
    destroy_block(&blocks->blocks[b]);
  }
  ness_monomials_destroy(&blocks->group);
  ness_free(blocks->classes);
  ness_free(blocks->places);
  ness_free(blocks->class_starts);
  ness_free(blocks->class_states);
  ness_free(blocks->class_blocks);
  ness_free(blocks->class_owners);
  ness_free(blocks->orbits);
  ness_free(blocks->orbit_sizes);
  ness_free(blocks->orbit_smallest);
  ness_free(blocks->orbit_sources);
  ness_free(blocks->blocks);
  ness_free(blocks);
}
