// Shared by the real and the complex factorization.
#ifndef NESS_LU_PRIVATE_H
#define NESS_LU_PRIVATE_H

#include "ness_lu.h"

NESS_BEGIN_DECLS

// Fills UMFPACK's control array; argument error for unknown options.
ness_status ness_lu_set_control(const ness_lu_options *options, double *control);

// Meaning of UMFPACK's return code; a warning of singularity counts as an error.
ness_status ness_lu_status(int64_t code);

NESS_END_DECLS

#endif
