/// Reduced index space of a generator: the matrix elements that its sparsity graph and its
/// permutation symmetries connect to the seeds, one slot per orbit, and the generator assembled on
/// them.
///
/// A slot s stands for the orbit of the pair (ket, bra). Its partner is the slot of the transposed
/// pair. Hermitian matrices need one real unknown for a slot that is its own partner and two (real
/// part, imaginary part of the representative) for a pair of partners; partners with the smaller
/// index own the unknowns.
#ifndef NESS_SECTOR_H
#define NESS_SECTOR_H

#include "ness_base.h"
#include "ness_generator.h"
#include "ness_group.h"

NESS_BEGIN_DECLS

typedef struct ness_sector ness_sector;

/// Closure of the seeds under the sparsity graph (followed in both directions) and transposition.
/// Seeds are pairs (seed_kets[i], seed_bras[i]); with null pointers all populations (a, a).
/// `group` may be null. Slots are sorted by (ket, bra). Cost proportional to the nonzeros met.
/// Errors: argument, memory, overflow, limitExceeded (more than `limit` slots).
ness_status ness_sector_create(const ness_terms *terms, const ness_group *NESS_NULLABLE group,
                               int64_t seed_count, const int64_t *NESS_NULLABLE seed_kets,
                               const int64_t *NESS_NULLABLE seed_bras, int64_t limit,
                               ness_sector *NESS_NULLABLE *NESS_NONNULL out);

/// Number of slots, that is, of complex unknowns.
int64_t ness_sector_count(const ness_sector *sector);
/// Number of real unknowns of a Hermitian matrix.
int64_t ness_sector_real_count(const ness_sector *sector);
/// Bytes held.
size_t ness_sector_bytes(const ness_sector *sector);

/// Arrays of `count` entries each; any may be null. `unknowns`: index of the slot's first real
/// unknown (the real part); `kinds`: 0 self-partnered (one unknown), 1 owner of two unknowns, -1
/// conjugate of the owner.
ness_status ness_sector_slots(const ness_sector *sector, int64_t *NESS_NULLABLE kets,
                              int64_t *NESS_NULLABLE bras, int64_t *NESS_NULLABLE weights,
                              int64_t *NESS_NULLABLE partners, int64_t *NESS_NULLABLE unknowns,
                              int8_t *NESS_NULLABLE kinds);

/// slots[i] = slot of the pair (kets[i], bras[i]), or -1 when the pair is outside the sector.
ness_status ness_sector_find(const ness_sector *sector, int64_t count, const int64_t *kets,
                             const int64_t *bras, int64_t *slots);

/// What the unknowns of an assembled generator are.
typedef enum NESS_OPEN_ENUM ness_form {
  NESS_FORM_COMPLEX NESS_SWIFT_NAME(complex) = 0,    ///< One complex unknown per slot.
  NESS_FORM_HERMITIAN NESS_SWIFT_NAME(hermitian) = 1 ///< The real unknowns of Hermitian matrices.
} ness_form;

/// An assembled matrix; its size is known only afterwards, so it is read with `_sizes` and `_copy`.
typedef struct ness_assembly ness_assembly;

/// Generator on the unknowns of a form. Entries that cancel to rounding are dropped, so that
/// unknowns that decouple (a gauge in which the generator is real) show in the pattern. Errors:
/// notClosed when a term leads out of the sector (the sector belongs to other terms), notFinite,
/// memory.
ness_status ness_sector_assemble(const ness_sector *sector, const ness_terms *terms, ness_form form,
                                 ness_assembly *NESS_NULLABLE *NESS_NONNULL out);

/// Order and number of entries.
void ness_assembly_sizes(const ness_assembly *assembly, int64_t *order, int64_t *nonzeros);
/// Copies into `starts` (order + 1), `indices` (nonzeros) and `values` (nonzeros doubles, twice as
/// many interleaved in the complex form), compressed columns with ascending row indices.
void ness_assembly_copy(const ness_assembly *assembly, int64_t *starts, int64_t *indices,
                        double *values);
void ness_assembly_destroy(ness_assembly *NESS_NULLABLE assembly);

void ness_sector_destroy(ness_sector *NESS_NULLABLE sector);

NESS_END_DECLS

#endif
