// Decomposition of the states of one class by abelian subgroups and their characters.
//
// A node is a subgroup H of the stabilizer of the class with a character chi; it stands for the
// space V(H, chi) of vectors with h v = chi(h) v, and for its images under the whole group. N is
// the subgroup that maps H and chi to themselves. A node is split along the conjugacy class X of an
// element g of N outside H, provided that the members of X commute up to elements of H on which chi
// is one: then <H, X> is normal in N, every member of X acts on V(H, chi), and V(H, chi) is the
// direct sum of the V(<H, X>, chi') over the extensions chi' of chi. N permutes these, and one of
// every orbit is kept. Since the choice of X does not depend on coordinates, the images of the
// leaves under the group are orthogonal and fill the space. An invariant matrix has no elements
// between different leaves: either chi' differs on a member of X, or they descend from such nodes.
//
// Small conjugacy classes come first, elements of large order next: a dihedral group is split by
// its rotations. Cost per node |N|^2 and the states of the class for every extension.
#include <string.h>

#include "blocks_private.h"
#include "ness_internal.h"

typedef struct split_context {
  ness_blocks *blocks;
  int64_t class_number;
  uint8_t *seen;    // states of the class
  uint8_t *visited; // |G|
} split_context;

typedef struct split_node {
  int64_t *character; // |G|, -1 outside H
  int32_t *subgroup;  // H, room for |G|
  int64_t subgroup_size;
  int32_t *stabilizer; // N, room for |G|
  int64_t stabilizer_size;
} split_node;

static int32_t product(const ness_monomials *group, int64_t g, int64_t h) {
  return group->products[g * group->size + h];
}

static int32_t conjugate(const ness_monomials *group, int64_t k, int64_t g) {
  return product(group, product(group, k, g), group->inverses[k]);
}

// Conjugacy class of g under N, marked in `visited`; returns its size.
static int64_t conjugacy_class(const split_context *context, const split_node *node, int64_t g,
                               int32_t *members) {
  int64_t count = 0;
  for (int64_t i = 0; i < node->stabilizer_size; ++i) {
    const int32_t member = conjugate(&context->blocks->group, node->stabilizer[i], g);
    if (!context->visited[member]) {
      context->visited[member] = 1;
      members[count++] = member;
    }
  }
  return count;
}

static bool commute(const ness_monomials *group, const split_node *node, const int32_t *members,
                    int64_t count) {
  for (int64_t i = 1; i < count; ++i) {
    for (int64_t j = 0; j < i; ++j) {
      // x y (y x)^-1
      const int32_t commutator = product(group, product(group, members[i], members[j]),
                                         group->inverses[product(group, members[j], members[i])]);
      if (node->character[commutator] != 0) {
        return false;
      }
    }
  }
  return true;
}

// Elements to extend by; returns their number, 0 when there are none. `best` receives them.
static int64_t choose(const split_context *context, const split_node *node, int32_t *best,
                      int32_t *members) {
  const ness_monomials *const group = &context->blocks->group;
  int64_t best_count = 0;
  int32_t best_period = 0;
  memset(context->visited, 0, (size_t)group->size);
  for (int64_t i = 0; i < node->stabilizer_size; ++i) {
    const int32_t g = node->stabilizer[i];
    if (node->character[g] >= 0 || context->visited[g]) {
      continue;
    }
    const int64_t count = conjugacy_class(context, node, g, members);
    const bool preferred = best_count == 0 || count < best_count ||
                           (count == best_count && group->periods[g] > best_period);
    if (preferred && commute(group, node, members, count)) {
      memcpy(best, members, sizeof(int32_t) * (size_t)count);
      best_count = count;
      best_period = group->periods[g];
    }
  }
  return best_count;
}

// The characters of <H, x> that extend those of H in `characters`, in place (room for all).
// Exponents stay integers: chi(x^m) is a root of unity of order period(x) / m, whose m-th roots
// have the order period(x), a divisor of the exponent of the group. Characters without states drop
// out. Returns their new number.
static int64_t extend(const split_context *context, int64_t x, int32_t *subgroup,
                      int64_t *subgroup_size, int64_t *characters, int64_t count,
                      int64_t *scratch) {
  const ness_monomials *const group = &context->blocks->group;
  const int64_t size = group->size, base = *subgroup_size;
  if (characters[x] >= 0) {
    return count;
  }
  int64_t period = 1; // smallest m with x^m in H
  for (int32_t power = (int32_t)x; characters[power] < 0; ++period) {
    for (int64_t i = 0; i < base; ++i) {
      subgroup[period * base + i] = product(group, subgroup[i], power);
    }
    power = product(group, power, x);
  }
  int32_t closing = 0; // x^m
  for (int64_t m = 0; m < period; ++m) {
    closing = product(group, closing, x);
  }
  *subgroup_size = base * period;
  int64_t kept = 0;
  // Children are written behind each other in `scratch` and copied back at the end.
  for (int64_t c = 0; c < count; ++c) {
    for (int64_t j = 0; j < period; ++j) {
      int64_t *const child = scratch + kept * size;
      const int64_t root = (characters[c * size + closing] + j * group->exponent) / period;
      memcpy(child, characters + c * size, sizeof(int64_t) * (size_t)size);
      for (int64_t m = 1; m < period; ++m) {
        for (int64_t i = 0; i < base; ++i) {
          child[subgroup[m * base + i]] = (child[subgroup[i]] + m * root) % group->exponent;
        }
      }
      kept += ness_blocks_dimension(context->blocks, context->class_number, *subgroup_size,
                                    subgroup, child, context->seen) > 0;
    }
  }
  memcpy(characters, scratch, sizeof(int64_t) * (size_t)(kept * size));
  return kept;
}

// Whether k takes the extension `from` to the extension `to`: chi_to(x) = chi_from(k^-1 x k).
static bool takes(const ness_monomials *group, int64_t k, const int64_t *from, const int64_t *to,
                  const int32_t *members, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    if (to[members[i]] != from[conjugate(group, group->inverses[k], members[i])]) {
      return false;
    }
  }
  return true;
}

static ness_status split(const split_context *context, const split_node *node);

// Splits every kept extension further.
static ness_status descend(const split_context *context, const split_node *node,
                           const int32_t *members, int64_t member_count, int32_t *subgroup,
                           int64_t subgroup_size, int64_t *characters, int64_t count,
                           int32_t *stabilizer) {
  const ness_monomials *const group = &context->blocks->group;
  const int64_t size = group->size;
  ness_status status = NESS_OK;
  for (int64_t c = 0; c < count && status == NESS_OK; ++c) {
    split_node child = {.character = characters + c * size,
                        .subgroup = subgroup,
                        .subgroup_size = subgroup_size,
                        .stabilizer = stabilizer};
    bool is_copy = false;
    for (int64_t i = 0; i < node->stabilizer_size; ++i) {
      const int32_t k = node->stabilizer[i];
      for (int64_t earlier = 0; earlier < c && !is_copy; ++earlier) {
        is_copy =
            takes(group, k, characters + earlier * size, child.character, members, member_count);
      }
      if (takes(group, k, child.character, child.character, members, member_count)) {
        stabilizer[child.stabilizer_size++] = k;
      }
    }
    if (!is_copy) {
      status = split(context, &child);
    }
  }
  return status;
}

static ness_status split(const split_context *context, const split_node *node) {
  const ness_monomials *const group = &context->blocks->group;
  const int64_t size = group->size;
  const int64_t room = node->stabilizer_size / node->subgroup_size; // most extensions there can be
  int32_t *const lists = ness_alloc(4 * size, sizeof(int32_t));
  if (!lists) {
    return NESS_ERR_MEMORY;
  }
  int32_t *const members = lists, *const subgroup = lists + size,
                 *const stabilizer = lists + 2 * size;
  const int64_t member_count = choose(context, node, members, lists + 3 * size);
  if (member_count == 0) {
    ness_free(lists);
    return ness_blocks_append(context->blocks, context->class_number, node->character,
                              node->stabilizer_size);
  }
  int64_t *const characters = ness_alloc(2 * (room + 1) * size, sizeof(int64_t));
  ness_status status = NESS_ERR_MEMORY;
  if (characters) {
    int64_t subgroup_size = node->subgroup_size, count = 1;
    memcpy(subgroup, node->subgroup, sizeof(int32_t) * (size_t)subgroup_size);
    memcpy(characters, node->character, sizeof(int64_t) * (size_t)size);
    for (int64_t i = 0; i < member_count; ++i) {
      count = extend(context, members[i], subgroup, &subgroup_size, characters, count,
                     characters + (room + 1) * size);
    }
    status = descend(context, node, members, member_count, subgroup, subgroup_size, characters,
                     count, stabilizer);
  }
  ness_free(characters);
  ness_free(lists);
  return status;
}

ness_status ness_blocks_split(ness_blocks *blocks, int64_t class_number, int64_t stabilizer_size,
                              const int32_t *stabilizer) {
  const int64_t size = blocks->group.size;
  const int64_t states =
      blocks->class_starts[class_number + 1] - blocks->class_starts[class_number];
  split_context context = {.blocks = blocks,
                           .class_number = class_number,
                           .seen = ness_alloc(states, 1),
                           .visited = ness_alloc(size, 1)};
  split_node root = {.character = ness_alloc(size, sizeof(int64_t)),
                     .subgroup = ness_alloc(size, sizeof(int32_t)),
                     .subgroup_size = 1,
                     .stabilizer = ness_alloc(size, sizeof(int32_t)),
                     .stabilizer_size = stabilizer_size};
  ness_status status = NESS_ERR_MEMORY;
  if (context.seen && context.visited && root.character && root.subgroup && root.stabilizer) {
    for (int64_t g = 0; g < size; ++g) {
      root.character[g] = g == 0 ? 0 : -1;
    }
    root.subgroup[0] = 0;
    memcpy(root.stabilizer, stabilizer, sizeof(int32_t) * (size_t)stabilizer_size);
    status = split(&context, &root);
  }
  ness_free(context.seen);
  ness_free(context.visited);
  ness_free(root.character);
  ness_free(root.subgroup);
  ness_free(root.stabilizer);
  return status;
}
