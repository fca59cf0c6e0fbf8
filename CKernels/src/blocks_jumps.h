// Jump pairs under a group of monomial matrices.
#ifndef NESS_BLOCKS_JUMPS_H
#define NESS_BLOCKS_JUMPS_H

#include "blocks_private.h"

NESS_BEGIN_DECLS

/// Whether both operators of a pair are the same arrays.
static inline bool ness_is_shared(const ness_terms *terms, int64_t k) {
  return terms->left[k].values == terms->right[k].values;
}

/// images[g*jump_count + k] = the pair that element g takes pair k to; null when some element takes
/// a pair to something else, or when there is nothing to gain. The caller frees it.
ness_status ness_jump_images(const ness_monomials *group, const ness_terms *terms,
                             int32_t *NESS_NULLABLE *NESS_NONNULL images);

NESS_END_DECLS

#endif
