/// Map of a ladder with two bits that exchanges quanta with two fresh counters.
///
/// Basis states |n1 n2, l, k1, k2>: bits n1, n2, a level l = 0 ... levels - 1, counters k1 <
/// first_count and k2 < second_count. The real symmetric matrix A couples
///
///     |0 n2, l, k1, k2>  with |1 n2, l, k1 - 1, k2>   by first_coupling sqrt(k1),
///     |n1 0, l, k1, k2>  with |n1 1, l, k1, k2 - 1>   by second_coupling sqrt(k2),
///     |0 1, l, k1, k2>   with |1 0, l + 1, k1, k2>    by hop,
///
/// and has the diagonal d[l]. Hence n1 + k1 - l and n2 + k2 + l are conserved. With U = exp(-iA)
/// and diagonal weights w1, w2 of the counters, the map is X -> tr_k U (X x w1 x w2) U^+. It takes
/// the six real numbers
///
///     x_n(l) = <n, l|X|n, l>  for n = n1 n2 = 00, 01, 10, 11,   c(l) = <01, l|X|10, l + 1>  (Re,
///     Im)
///
/// per level, of a Hermitian X without other elements, to such numbers again.
#ifndef NESS_EXCHANGE_H
#define NESS_EXCHANGE_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// What the map is made of. All numbers must be finite.
typedef struct ness_exchange {
  int64_t levels;         ///< Levels of the ladder, at least 1.
  int64_t radius;         ///< Levels that U connects, at least 0: |hop|^r/r! is negligible beyond.
  const double *diagonal; ///< `levels` numbers d.
  double hop;             ///< Coupling along the ladder.
  double first_coupling;  ///< Coupling of the first bit to the first counter.
  double second_coupling; ///< Coupling of the second bit to the second counter.
  int64_t first_count;    ///< Values of the first counter, at least 1.
  int64_t second_count;   ///< Values of the second counter, at least 1.
  const double *first_weights;  ///< `first_count` weights, descending.
  const double *second_weights; ///< `second_count` weights, descending.
} ness_exchange;

/// Numbers that one unit of `ness_exchange_columns` writes: 6 x (2 radius + 2) x 6.
int64_t ness_exchange_unit(int64_t radius);

/// Images of unit inputs, for the units `begin` <= u < `end` of 0 ... `levels`.
///
/// Unit u belongs to the level l = u - 1 and has six inputs: x_00(l), x_01(l), x_10(l + 1),
/// x_11(l), Re c(l), Im c(l); those that refer to levels outside of the ladder have the image zero.
/// `out` gets, unit by unit and input by input, six numbers (x_00, x_01, x_10, x_11, Re c, Im c)
/// for each of the 2 radius + 2 levels from l - radius. Units are independent of each other.
/// Errors: argument (sizes, values not finite), memory.
ness_status ness_exchange_columns(const ness_exchange *map, int64_t begin, int64_t end,
                                  double *out);

NESS_END_DECLS

#endif
