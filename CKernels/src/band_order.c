// Reverse Cuthill and McKee ordering (E. Cuthill and J. McKee, Proc. 24th Nat. Conf. ACM (1969)
// 157; J. A. George, Stanford report CS-71-208 (1971)).

#include "ness_band.h"
#include "ness_internal.h"
#include "ness_sparse.h"

#include <stdlib.h>

// Pattern of A + A^T without the diagonal.
typedef struct graph {
  int64_t order;
  int64_t *starts;
  int64_t *neighbours;
} graph;

static ness_status build(const ness_dcsc *matrix, graph *g) {
  const int64_t n = matrix->columns, nonzeros = matrix->starts[n];
  g->order = n;
  g->starts = ness_calloc(n + 2, sizeof *g->starts);
  g->neighbours = ness_alloc(nonzeros > 0 ? 2 * nonzeros : 1, sizeof *g->neighbours);
  if (g->starts == NULL || g->neighbours == NULL) {
    return NESS_ERR_MEMORY;
  }
  // Both directions are listed; an entry with a partner across the diagonal appears twice, which
  // does no harm but to the degrees, by which neighbours are only sorted.
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      const int64_t i = matrix->indices[k];
      if (i != j) {
        ++g->starts[i + 2];
        ++g->starts[j + 2];
      }
    }
  }
  for (int64_t i = 0; i < n; ++i) {
    g->starts[i + 2] += g->starts[i + 1];
  }
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      const int64_t i = matrix->indices[k];
      if (i != j) {
        g->neighbours[g->starts[i + 1]++] = j;
        g->neighbours[g->starts[j + 1]++] = i;
      }
    }
  }
  return NESS_OK;
}

static int64_t degree(const graph *g, int64_t node) {
  return g->starts[node + 1] - g->starts[node];
}

// Numbers the component of `root` breadth first into `out`, neighbours by ascending degree; returns
// how many there are. `mark` of a node is `stamp` once it was reached. `last_level` gets where the
// nodes farthest from the root begin, `levels` how far they are.
static int64_t traverse(const graph *g, int64_t root, int64_t stamp, int64_t *mark, int64_t *out,
                        int64_t *last_level, int64_t *levels) {
  int64_t count = 1, begin = 0;
  out[0] = root;
  mark[root] = stamp;
  *levels = 0;
  while (true) {
    *last_level = begin;
    const int64_t end = count;
    for (int64_t at = begin; at < end; ++at) {
      const int64_t first = count;
      for (int64_t k = g->starts[out[at]]; k < g->starts[out[at] + 1]; ++k) {
        const int64_t node = g->neighbours[k];
        if (mark[node] == stamp) {
          continue;
        }
        mark[node] = stamp;
        // Few neighbours a node: insertion keeps them sorted.
        int64_t place = count++;
        for (; place > first && degree(g, out[place - 1]) > degree(g, node); --place) {
          out[place] = out[place - 1];
        }
        out[place] = node;
      }
    }
    if (count == end) {
      return count;
    }
    begin = end;
    ++*levels;
  }
}

ness_status ness_band_order(const ness_dcsc *matrix, int64_t *order, int64_t *half_width) {
  const int64_t n = matrix->columns;
  if (n < 1 || matrix->rows != n || ness_dcsc_check(matrix) != NESS_OK) {
    return NESS_ERR_ARGUMENT;
  }
  graph g = {0};
  ness_status status = build(matrix, &g);
  int64_t *mark = ness_calloc(n, sizeof *mark);
  if (status != NESS_OK || mark == NULL) {
    status = NESS_ERR_MEMORY;
    goto done;
  }
  int64_t numbered = 0, stamp = 0;
  for (int64_t seed = 0; seed < n; ++seed) {
    if (mark[seed] != 0) {
      continue;
    }
    // Farther and farther from each other: the ends of a chain are found in a few rounds.
    int64_t root = seed, levels = -1, last, reached;
    for (int round = 0; round < 8; ++round) {
      int64_t deeper;
      reached = traverse(&g, root, ++stamp, mark, order + numbered, &last, &deeper);
      if (deeper <= levels) {
        break;
      }
      levels = deeper;
      int64_t next = order[numbered + last];
      for (int64_t at = last + 1; at < reached; ++at) {
        const int64_t node = order[numbered + at];
        next = degree(&g, node) < degree(&g, next) ? node : next;
      }
      root = next;
    }
    numbered += reached;
  }
  for (int64_t i = 0; i < n / 2; ++i) {
    const int64_t other = order[n - 1 - i];
    order[n - 1 - i] = order[i];
    order[i] = other;
  }
  for (int64_t i = 0; i < n; ++i) {
    mark[order[i]] = i;
  }
  int64_t width = 0;
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      const int64_t distance = llabs(mark[matrix->indices[k]] - mark[j]);
      width = distance > width ? distance : width;
    }
  }
  *half_width = width;
  status = NESS_OK;
done:
  ness_free(mark);
  ness_free(g.neighbours);
  ness_free(g.starts);
  return status;
}
