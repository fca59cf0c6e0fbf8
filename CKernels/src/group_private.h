/// What the sector kernels need of a group without checks.
#ifndef NESS_GROUP_PRIVATE_H
#define NESS_GROUP_PRIVATE_H

#include "ness_group.h"

NESS_BEGIN_DECLS

/// Deep copy, so that a sector does not depend on the life of the group it was built with.
ness_status ness_group_copy(const ness_group *group, ness_group *NESS_NULLABLE *NESS_NONNULL out);
/// Bytes held.
size_t ness_group_bytes(const ness_group *group);
/// Number of basis states.
int64_t ness_group_order(const ness_group *group);
/// Canonical member of the orbit of a pair in range; see `ness_group_canonicalize`.
void ness_group_canonical_pair(const ness_group *group, int64_t *ket, int64_t *bra);
/// Size of the orbit of a pair in range.
int64_t ness_group_pair_weight(const ness_group *group, int64_t ket, int64_t bra);
/// Images of all states under all elements: state a under element g at g*order + a.
const int32_t *ness_group_elements(const ness_group *group);
/// Multiplication table, size x size entries: the element "first h, then g" at g*size + h.
/// Cost size^2 log(size).
ness_status ness_group_multiply(const ness_group *group, int32_t *products);

NESS_END_DECLS

#endif
