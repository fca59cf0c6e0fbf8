/// How much a monomial matrix P |a> = phases[a] |images[a]> changes a sparse matrix.
#ifndef NESS_SYMMETRY_H
#define NESS_SYMMETRY_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Changes P M P^+ - M of the entries of M at their images.
typedef struct ness_change {
  double largest; ///< Largest modulus of a change.
  bool exceeds;   ///< Whether some change exceeds what is allowed for it.
} ness_change;

/// A change of the entry (a, b) of value v may be `absolute` + `relative` max(|v|, sqrt(s_a s_b)),
/// s = `scales` (null: zero). `images` must be a permutation of the states of the square matrix,
/// null `phases` are one; `positions` is scratch. All have an entry per state. Cost: the entries.
ness_change ness_zcsc_change(const ness_zcsc *matrix, const int64_t *images,
                             const ness_complex *NESS_NULLABLE phases, double absolute,
                             double relative, const double *NESS_NULLABLE scales,
                             int64_t *positions);
/// The same for a real matrix whose entries do not notice phases, such as rates.
ness_change ness_dcsc_change(const ness_dcsc *matrix, const int64_t *images, double absolute,
                             double relative, int64_t *positions);

NESS_END_DECLS

#endif
