// Sums over the counters of what columns of a unitary contribute to the exchange map.
#ifndef NESS_EXCHANGE_PRIVATE_H
#define NESS_EXCHANGE_PRIVATE_H

#include "ness_base.h"

// Values of the second counter that are treated at the same time, and numbers per level.
enum { NESS_EXCHANGE_LANES = 16, NESS_EXCHANGE_SLOTS = 6 };

NESS_BEGIN_DECLS

// Real and imaginary part of a column.
typedef struct ness_exchange_column {
  double *re, *im;
} ness_exchange_column;

// Adds the image of |psi><psi| to `out`, six numbers per level of a window of `width`. A column has
// four rows of lanes per level.
void ness_exchange_add_squares(int64_t width, const double *weights, ness_exchange_column psi,
                               double *out);

// Adds the images of |phi><chi| + h.c. to `real` and of i|phi><chi| + h.c. to `imaginary`.
void ness_exchange_add_products(int64_t width, const double *weights, ness_exchange_column phi,
                                ness_exchange_column chi, double *real, double *imaginary);

NESS_END_DECLS

#endif
