/// Umbrella header of the NESSKit numerics kernels.
///
/// Rules that hold for every function:
///  - Anything that can fail returns `ness_status`; outputs are untouched (handles: null) on
///  failure.
///  - Inputs are borrowed for the call only. Handles copy what they need.
///  - Indices are zero-based 64-bit integers; `size_t` counts bytes.
///  - Functions are reentrant; a const handle may be shared between threads.
///  - No function prints, exits, keeps global state, or starts threads.
#ifndef NESS_H
#define NESS_H

#include "ness_band.h"
#include "ness_base.h"
#include "ness_blocks.h"
#include "ness_dense.h"
#include "ness_exchange.h"
#include "ness_fault.h"
#include "ness_fft.h"
#include "ness_generator.h"
#include "ness_group.h"
#include "ness_jump_chain.h"
#include "ness_krylov.h"
#include "ness_lanczos.h"
#include "ness_local_bases.h"
#include "ness_lu.h"
#include "ness_orbit.h"
#include "ness_propagator.h"
#include "ness_sector.h"
#include "ness_sparse.h"
#include "ness_symmetry.h"

#endif
