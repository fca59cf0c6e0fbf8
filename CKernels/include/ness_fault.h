/// Failing allocations on purpose, for tests.
///
/// Only debug builds (compiled with NESS_FAULT_INJECTION) inject faults; elsewhere the functions
/// exist, report that they do nothing, and cost nothing. State is per thread because tests run
/// concurrently.
#ifndef NESS_FAULT_H
#define NESS_FAULT_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Makes the `countdown`-th allocation of the kernels on this thread fail (1: the next one), once.
/// Zero disarms. Returns false when this build has no fault injection.
bool ness_fault_set(int64_t countdown);

/// Blocks allocated minus blocks released by the kernels on this thread since it started; zero
/// without fault injection.
int64_t ness_fault_live_blocks(void);

NESS_END_DECLS

#endif
