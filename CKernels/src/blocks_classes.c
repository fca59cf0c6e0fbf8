// Classes of basis states by union-find. K joins the states it connects. A map M (a jump operator,
// a group element) takes the matrices on a class C to matrices on M C, so that all of M C is one
// class; both operators of a jump pair take part, since A rho B^+ has its rows in A C and its
// columns in B C. Joining classes enlarges what a map takes to one class, hence the repetition.
#include <string.h>

#include "blocks_private.h"
#include "ness_internal.h"

static int32_t root_of(int32_t *parents, int32_t node) {
  while (parents[node] != node) {
    parents[node] = parents[parents[node]];
    node = parents[node];
  }
  return node;
}

// True if something changed. Roots are the smallest members.
static bool join(int32_t *parents, int64_t first, int64_t second) {
  const int32_t a = root_of(parents, (int32_t)first), b = root_of(parents, (int32_t)second);
  parents[a < b ? b : a] = a < b ? a : b;
  return a != b;
}

typedef struct image_table {
  int64_t *stamps;  // D: map that last set the target of the class with this root
  int32_t *targets; // D: a state of the class that the map takes it to
} image_table;

static bool join_image(int32_t *parents, const image_table *table, int64_t stamp, int64_t state,
                       int64_t image) {
  const int32_t root = root_of(parents, (int32_t)state);
  if (table->stamps[root] != stamp) {
    table->stamps[root] = stamp;
    table->targets[root] = (int32_t)image;
    return false;
  }
  return join(parents, table->targets[root], image);
}

static bool join_images(int32_t *parents, const image_table *table, int64_t stamp,
                        const ness_zcsc *matrix) {
  bool changed = false;
  for (int64_t c = 0; c < matrix->columns; ++c) {
    for (int64_t p = matrix->starts[c]; p < matrix->starts[c + 1]; ++p) {
      if (matrix->values[p].re != 0 || matrix->values[p].im != 0) {
        changed |= join_image(parents, table, stamp, c, matrix->indices[p]);
      }
    }
  }
  return changed;
}

ness_status ness_blocks_classes(const ness_terms *terms, const ness_monomials *group,
                                int32_t *classes, int64_t *count) {
  const int64_t order = terms->order;
  image_table table = {.stamps = ness_calloc(order, sizeof(int64_t)),
                       .targets = ness_alloc(order, sizeof(int32_t))};
  if (!table.stamps || !table.targets) {
    ness_free(table.stamps);
    ness_free(table.targets);
    return NESS_ERR_MEMORY;
  }
  for (int64_t a = 0; a < order; ++a) {
    classes[a] = (int32_t)a;
  }
  for (int64_t c = 0; c < order; ++c) {
    for (int64_t p = terms->drift.starts[c]; p < terms->drift.starts[c + 1]; ++p) {
      if (terms->drift.values[p].re != 0 || terms->drift.values[p].im != 0) {
        join(classes, c, terms->drift.indices[p]);
      }
    }
  }
  int64_t stamp = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (int64_t k = 0; k < terms->jump_count; ++k) {
      ++stamp; // one stamp for the pair: its images of a class are one class
      changed |= join_images(classes, &table, stamp, &terms->left[k]);
      if (terms->left[k].values != terms->right[k].values) {
        changed |= join_images(classes, &table, stamp, &terms->right[k]);
      }
    }
    for (int64_t s = 0; s < group->generator_count; ++s) {
      ++stamp;
      for (int64_t a = 0; a < order; ++a) {
        changed |=
            join_image(classes, &table, stamp, a, ness_image(group, group->generators[s], a));
      }
    }
  }
  // Every parent precedes its child, so one ascending pass turns parents into labels in place.
  int32_t found = 0;
  for (int64_t a = 0; a < order; ++a) {
    classes[a] = classes[a] == a ? found++ : classes[classes[a]];
  }
  *count = found;
  ness_free(table.stamps);
  ness_free(table.targets);
  return NESS_OK;
}
