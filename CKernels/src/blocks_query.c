// What the blocks are: counts, shapes, orbits, columns.
#include <string.h>

#include "blocks_private.h"

int64_t ness_blocks_count(const ness_blocks *blocks) {
  return blocks->block_count;
}
int64_t ness_blocks_group_size(const ness_blocks *blocks) {
  return blocks->group.size;
}
int64_t ness_blocks_class_count(const ness_blocks *blocks) {
  return blocks->class_count;
}
int64_t ness_blocks_orbit_count(const ness_blocks *blocks) {
  return blocks->orbit_count;
}

size_t ness_blocks_bytes(const ness_blocks *blocks) {
  const size_t order = (size_t)blocks->group.order, size = (size_t)blocks->group.size;
  const size_t image = sizeof(int32_t) + (blocks->group.phases ? sizeof(ness_complex) : 0);
  size_t bytes = size * (order * image + (size + 4) * sizeof(int32_t)) +
                 7 * order * sizeof(int32_t) +
                 2 * (size_t)(blocks->class_count + 1) * sizeof(int64_t);
  for (int64_t b = 0; b < blocks->block_count; ++b) {
    bytes += (size_t)blocks->blocks[b].state_count *
                 (2 * sizeof(int32_t) + sizeof(int64_t) + sizeof(ness_complex)) +
             size * (3 * sizeof(int32_t) + sizeof(int64_t)) + sizeof(ness_block);
  }
  return bytes;
}

void ness_blocks_shapes(const ness_blocks *blocks, int64_t *orders, int64_t *multiplicities) {
  for (int64_t b = 0; b < blocks->block_count; ++b) {
    orders[b] = blocks->blocks[b].order;
    multiplicities[b] = blocks->group.size / blocks->blocks[b].stabilizer_size;
  }
}

void ness_blocks_orbits(const ness_blocks *blocks, int64_t *orbits, int64_t *sizes,
                        int64_t *smallest) {
  for (int64_t a = 0; a < blocks->group.order; ++a) {
    orbits[a] = blocks->orbits[a];
  }
  for (int64_t o = 0; o < blocks->orbit_count; ++o) {
    sizes[o] = blocks->orbit_sizes[o];
    smallest[o] = blocks->orbit_smallest[o];
  }
}

void ness_blocks_column_orbits(const ness_blocks *blocks, int64_t *orbits) {
  for (int64_t b = 0; b < blocks->block_count; ++b) {
    const ness_block *const block = &blocks->blocks[b];
    for (int64_t c = 0; c < block->order; ++c) {
      *orbits++ = blocks->orbits[block->states[block->members[block->starts[c]]]];
    }
  }
}

ness_status ness_blocks_column(const ness_blocks *blocks, int64_t number, int64_t column,
                               ness_complex *out) {
  if (number < 0 || number >= blocks->block_count || column < 0 ||
      column >= blocks->blocks[number].order) {
    return NESS_ERR_ARGUMENT;
  }
  const ness_block *const block = &blocks->blocks[number];
  memset(out, 0, sizeof(ness_complex) * (size_t)blocks->group.order);
  for (int64_t m = block->starts[column]; m < block->starts[column + 1]; ++m) {
    out[block->states[block->members[m]]] = block->amplitudes[block->members[m]];
  }
  return NESS_OK;
}

void ness_blocks_sources(const ness_blocks *blocks, int64_t *states) {
  for (int64_t o = 0; o < blocks->orbit_count; ++o) {
    states[o] = blocks->orbit_sources[o];
  }
}
