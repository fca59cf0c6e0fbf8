// Weakly connected components by union-find (Tarjan & van Leeuwen 1984: linking by index, path
// halving). Roots are the smallest members, so that every parent precedes its child and one
// ascending pass turns parents into labels in place.

#include "ness_sparse.h"

static int64_t root_of(int64_t *parents, int64_t node) {
  while (parents[node] != node) {
    parents[node] = parents[parents[node]];
    node = parents[node];
  }
  return node;
}

ness_status ness_pattern_components(int64_t columns, const int64_t *starts, const int64_t *indices,
                                    int64_t *labels, int64_t *count) {
  if (columns < 0 || starts[0] != 0) {
    return NESS_ERR_ARGUMENT;
  }
  for (int64_t j = 0; j < columns; ++j) {
    if (starts[j + 1] < starts[j]) {
      return NESS_ERR_ARGUMENT;
    }
  }
  for (int64_t k = 0; k < starts[columns]; ++k) {
    if (indices[k] < 0 || indices[k] >= columns) {
      return NESS_ERR_ARGUMENT;
    }
  }
  for (int64_t j = 0; j < columns; ++j) {
    labels[j] = j;
  }
  for (int64_t j = 0; j < columns; ++j) {
    for (int64_t k = starts[j]; k < starts[j + 1]; ++k) {
      const int64_t a = root_of(labels, j), b = root_of(labels, indices[k]);
      if (a < b) {
        labels[b] = a;
      } else {
        labels[a] = b;
      }
    }
  }
  int64_t found = 0;
  for (int64_t j = 0; j < columns; ++j) {
    labels[j] = labels[j] == j ? found++ : labels[labels[j]];
  }
  *count = found;
  return NESS_OK;
}
