/// Breadth-first closure of matrix-element pairs under the sparsity graph of a generator, one slot
/// per orbit.
///
/// Only representatives are expanded: the generator commutes with the group, so the neighbours of
/// an orbit are the orbits of the neighbours of its representative. Pairs are kept in an
/// open-addressing table; slots are sorted at the end, so that the numbering does not depend on the
/// order of discovery.
#include "ness_sector.h"

#include <stdlib.h>
#include <string.h>

#include "group_private.h"
#include "ness_internal.h"
#include "sector_private.h"

typedef struct pair_set {
  int64_t count, capacity, slots, limit;
  int64_t *kets, *bras;
  int64_t *table; // position + 1, 0 for free
} pair_set;

static uint64_t hash_pair(int64_t ket, int64_t bra) {
  uint64_t h = (uint64_t)ket * 0x9E3779B97F4A7C15ULL ^
               ((uint64_t)bra + 0x7F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
  h ^= h >> 31;
  h *= 0x94D049BB133111EBULL;
  return h ^ (h >> 29);
}

static int64_t lookup(const int64_t *table, int64_t slots, const int64_t *kets, const int64_t *bras,
                      int64_t ket, int64_t bra, uint64_t *where) {
  uint64_t h = hash_pair(ket, bra) & (uint64_t)(slots - 1);
  while (table[h]) {
    const int64_t found = table[h] - 1;
    if (kets[found] == ket && bras[found] == bra) {
      *where = h;
      return found;
    }
    h = (h + 1) & (uint64_t)(slots - 1);
  }
  *where = h;
  return -1;
}

static ness_status pair_set_create(int64_t limit, pair_set *set) {
  *set = (pair_set){.capacity = 256, .slots = 1024, .limit = limit};
  set->kets = ness_alloc(set->capacity, sizeof(int64_t));
  set->bras = ness_alloc(set->capacity, sizeof(int64_t));
  set->table = ness_calloc(set->slots, sizeof(int64_t));
  return set->kets && set->bras && set->table ? NESS_OK : NESS_ERR_MEMORY;
}

static void pair_set_destroy(pair_set *set) {
  ness_free(set->kets);
  ness_free(set->bras);
  ness_free(set->table);
}

static ness_status build_table(int64_t count, const int64_t *kets, const int64_t *bras,
                               int64_t slots, int64_t **out) {
  int64_t *const table = ness_calloc(slots, sizeof(int64_t));
  if (!table) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t i = 0; i < count; ++i) {
    uint64_t where;
    lookup(table, slots, kets, bras, kets[i], bras[i], &where);
    table[where] = i + 1;
  }
  *out = table;
  return NESS_OK;
}

static ness_status pair_set_grow(pair_set *set) {
  const int64_t capacity = set->capacity * 2;
  int64_t *const kets = ness_alloc(capacity, sizeof(int64_t));
  int64_t *const bras = ness_alloc(capacity, sizeof(int64_t));
  int64_t *table = NULL;
  if (!kets || !bras ||
      build_table(set->count, set->kets, set->bras, capacity * 4, &table) != NESS_OK) {
    ness_free(kets);
    ness_free(bras);
    return NESS_ERR_MEMORY;
  }
  memcpy(kets, set->kets, (size_t)set->count * sizeof(int64_t));
  memcpy(bras, set->bras, (size_t)set->count * sizeof(int64_t));
  pair_set_destroy(set);
  set->kets = kets;
  set->bras = bras;
  set->table = table;
  set->capacity = capacity;
  set->slots = capacity * 4;
  return NESS_OK;
}

static ness_status add_pair(pair_set *set, const ness_group *group, int64_t ket, int64_t bra) {
  if (group) {
    ness_group_canonical_pair(group, &ket, &bra);
  }
  uint64_t where;
  if (lookup(set->table, set->slots, set->kets, set->bras, ket, bra, &where) >= 0) {
    return NESS_OK;
  }
  if (set->count >= set->limit) {
    return NESS_ERR_LIMIT;
  }
  set->kets[set->count] = ket;
  set->bras[set->count] = bra;
  set->table[where] = ++set->count;
  return set->count == set->capacity ? pair_set_grow(set) : NESS_OK;
}

// What a visit of a row adds its pairs to.
typedef struct neighbours {
  pair_set *set;
  const ness_group *group;
} neighbours;

static ness_status add_neighbour(void *context, int64_t ket, int64_t bra, ness_complex factor) {
  (void)factor; // Also where terms cancel: their sum would depend on rounding.
  const neighbours *const target = context;
  return add_pair(target->set, target->group, ket, bra);
}

static ness_status close_pairs(pair_set *set, const ness_group *group, const ness_terms *terms,
                               int64_t seed_count, const int64_t *seed_kets,
                               const int64_t *seed_bras) {
  ness_rows rows = {0};
  ness_rows columns = {0};
  ness_status status = ness_rows_create(terms, false, &rows);
  if (status == NESS_OK) {
    status = ness_rows_create(terms, true, &columns);
  }
  neighbours target = {set, group};
  const int64_t seeds = seed_kets ? seed_count : terms->order;
  for (int64_t i = 0; i < seeds && status == NESS_OK; ++i) {
    status = add_pair(set, group, seed_kets ? seed_kets[i] : i, seed_bras ? seed_bras[i] : i);
  }
  for (int64_t i = 0; i < set->count && status == NESS_OK; ++i) {
    const int64_t a = set->kets[i];
    const int64_t b = set->bras[i];
    status = add_pair(set, group, b, a);
    if (status == NESS_OK) {
      status = ness_rows_visit(&rows, a, b, add_neighbour, &target);
    }
    if (status == NESS_OK) {
      status = ness_rows_visit(&columns, a, b, add_neighbour, &target);
    }
  }
  ness_rows_destroy(&rows);
  ness_rows_destroy(&columns);
  return status;
}

typedef struct pair {
  int64_t ket, bra;
} pair;

static int compare_pairs(const void *left, const void *right) {
  const pair *const a = left;
  const pair *const b = right;
  if (a->ket != b->ket) {
    return a->ket < b->ket ? -1 : 1;
  }
  return (a->bra > b->bra) - (a->bra < b->bra);
}

static ness_status adopt_sorted(ness_sector *sector, const pair_set *set) {
  const int64_t count = set->count;
  pair *const pairs = ness_alloc(count, sizeof(pair));
  if (!pairs) {
    return NESS_ERR_MEMORY;
  }
  for (int64_t i = 0; i < count; ++i) {
    pairs[i] = (pair){set->kets[i], set->bras[i]};
  }
  qsort(pairs, (size_t)count, sizeof(pair), compare_pairs);
  for (int64_t i = 0; i < count; ++i) {
    sector->kets[i] = pairs[i].ket;
    sector->bras[i] = pairs[i].bra;
  }
  ness_free(pairs);
  return build_table(count, sector->kets, sector->bras, sector->table_size, &sector->table);
}

static void number_unknowns(ness_sector *sector) {
  int64_t next = 0;
  for (int64_t s = 0; s < sector->count; ++s) {
    const int64_t partner = ness_sector_slot(sector, sector->bras[s], sector->kets[s]);
    sector->partners[s] = partner;
    sector->weights[s] =
        sector->group ? ness_group_pair_weight(sector->group, sector->kets[s], sector->bras[s]) : 1;
    if (partner == s) {
      sector->kinds[s] = 0;
      sector->unknowns[s] = next++;
    } else if (s < partner) {
      sector->kinds[s] = 1;
      sector->unknowns[s] = next;
      next += 2;
    } else {
      sector->kinds[s] = -1;
      sector->unknowns[s] = sector->unknowns[partner];
    }
  }
  sector->real_count = next;
}

static bool seeds_valid(int64_t order, int64_t count, const int64_t *kets, const int64_t *bras) {
  if ((kets == NULL) != (bras == NULL) || (kets && count < 1)) {
    return false;
  }
  for (int64_t i = 0; kets && i < count; ++i) {
    if (kets[i] < 0 || kets[i] >= order || bras[i] < 0 || bras[i] >= order) {
      return false;
    }
  }
  return true;
}

ness_status ness_sector_create(const ness_terms *terms, const ness_group *group, int64_t seed_count,
                               const int64_t *seed_kets, const int64_t *seed_bras, int64_t limit,
                               ness_sector **out) {
  *out = NULL;
  if (!ness_terms_valid(terms) || limit < 1 || (group && ness_group_order(group) != terms->order) ||
      !seeds_valid(terms->order, seed_count, seed_kets, seed_bras)) {
    return NESS_ERR_ARGUMENT;
  }
  pair_set set = {0};
  ness_sector *const sector = ness_calloc(1, sizeof(ness_sector));
  ness_status status = sector ? pair_set_create(limit, &set) : NESS_ERR_MEMORY;
  if (status != NESS_OK) {
    goto release;
  }
  status = close_pairs(&set, group, terms, seed_count, seed_kets, seed_bras);
  if (status != NESS_OK) {
    goto release;
  }
  sector->order = terms->order;
  sector->count = set.count;
  sector->table_size = 2;
  while (sector->table_size < 2 * set.count) {
    sector->table_size *= 2;
  }
  sector->kets = ness_alloc(set.count, sizeof(int64_t));
  sector->bras = ness_alloc(set.count, sizeof(int64_t));
  sector->weights = ness_alloc(set.count, sizeof(int64_t));
  sector->partners = ness_alloc(set.count, sizeof(int64_t));
  sector->unknowns = ness_alloc(set.count, sizeof(int64_t));
  sector->kinds = ness_alloc(set.count, sizeof(int8_t));
  if (!sector->kets || !sector->bras || !sector->weights || !sector->partners ||
      !sector->unknowns || !sector->kinds) {
    status = NESS_ERR_MEMORY;
    goto release;
  }
  status = adopt_sorted(sector, &set);
  if (status == NESS_OK && group) {
    status = ness_group_copy(group, &sector->group);
  }
  if (status == NESS_OK) {
    number_unknowns(sector);
  }

release:
  pair_set_destroy(&set);
  if (status == NESS_OK) {
    *out = sector;
  } else {
    ness_sector_destroy(sector);
  }
  return status;
}

void ness_sector_destroy(ness_sector *sector) {
  if (sector) {
    ness_group_destroy(sector->group);
    ness_free(sector->kets);
    ness_free(sector->bras);
    ness_free(sector->weights);
    ness_free(sector->partners);
    ness_free(sector->unknowns);
    ness_free(sector->kinds);
    ness_free(sector->table);
    ness_free(sector);
  }
}

int64_t ness_sector_slot(const ness_sector *sector, int64_t ket, int64_t bra) {
  if (sector->group) {
    ness_group_canonical_pair(sector->group, &ket, &bra);
  }
  uint64_t where;
  return lookup(sector->table, sector->table_size, sector->kets, sector->bras, ket, bra, &where);
}

int64_t ness_sector_count(const ness_sector *sector) {
  return sector->count;
}

int64_t ness_sector_real_count(const ness_sector *sector) {
  return sector->real_count;
}

size_t ness_sector_bytes(const ness_sector *sector) {
  const size_t per_slot = 5 * sizeof(int64_t) + sizeof(int8_t);
  return (size_t)sector->count * per_slot + (size_t)sector->table_size * sizeof(int64_t) +
         (sector->group ? ness_group_bytes(sector->group) : 0);
}

ness_status ness_sector_slots(const ness_sector *sector, int64_t *kets, int64_t *bras,
                              int64_t *weights, int64_t *partners, int64_t *unknowns,
                              int8_t *kinds) {
  const size_t bytes = (size_t)sector->count * sizeof(int64_t);
  int64_t *const targets[] = {kets, bras, weights, partners, unknowns};
  const int64_t *const sources[] = {sector->kets, sector->bras, sector->weights, sector->partners,
                                    sector->unknowns};
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); ++i) {
    if (targets[i]) {
      memcpy(targets[i], sources[i], bytes);
    }
  }
  if (kinds) {
    memcpy(kinds, sector->kinds, (size_t)sector->count);
  }
  return NESS_OK;
}

ness_status ness_sector_find(const ness_sector *sector, int64_t count, const int64_t *kets,
                             const int64_t *bras, int64_t *slots) {
  for (int64_t i = 0; i < count; ++i) {
    if (kets[i] < 0 || kets[i] >= sector->order || bras[i] < 0 || bras[i] >= sector->order) {
      return NESS_ERR_ARGUMENT;
    }
    slots[i] = ness_sector_slot(sector, kets[i], bras[i]);
  }
  return NESS_OK;
}
