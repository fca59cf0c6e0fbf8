/// Orthonormal Krylov basis of the generalized minimal residual method on real vectors.
///
/// The caller applies the operator; this handle orthogonalizes what it yields and solves the small
/// least-squares problem. Work on long vectors comes in phases; a phase is a number of tasks over
/// fixed ranges of components, and between two phases one thread calls `advance`. Sums are taken in
/// a fixed order, so that results do not depend on who ran which task.
///
/// One round: write a right-hand side to vector 0; MEASURE, advance, SCALE, advance. Then, for
/// every step, write A v_s to vector s + 1 (s = size - 1), and go through PROJECT, CORRECT, CLEAN,
/// SCALE, calling `advance` after each. After any step, `solve` and COMBINE add the minimizer to a
/// vector.
#ifndef NESS_KRYLOV_H
#define NESS_KRYLOV_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Basis with its small matrices. Not const: one thread advances; tasks of a phase may run side by
/// side.
typedef struct ness_krylov ness_krylov;

typedef enum NESS_OPEN_ENUM ness_krylov_phase {
  NESS_KRYLOV_MEASURE NESS_SWIFT_NAME(measure) = 0, ///< Norm of the right-hand side.
  NESS_KRYLOV_PROJECT NESS_SWIFT_NAME(project) = 1, ///< Products of the candidate with the basis.
  NESS_KRYLOV_CORRECT NESS_SWIFT_NAME(correct) = 2, ///< Projections taken off, products again.
  NESS_KRYLOV_CLEAN NESS_SWIFT_NAME(clean) = 3,     ///< What is left taken off, norm.
  NESS_KRYLOV_SCALE NESS_SWIFT_NAME(scale) = 4,     ///< Candidate normalized.
  NESS_KRYLOV_COMBINE NESS_SWIFT_NAME(combine) = 5, ///< x += basis times coefficients.
} ness_krylov_phase;

/// Room for vectors of `order` components and `steps` steps; both at least 1.
/// Errors: argument, memory, overflow.
ness_status ness_krylov_create(int64_t order, int64_t steps,
                               ness_krylov *NESS_NULLABLE *NESS_NONNULL out);
void ness_krylov_destroy(ness_krylov *NESS_NULLABLE krylov);

/// Bytes of such a handle; INT64_MAX when they do not fit.
int64_t ness_krylov_bytes(int64_t order, int64_t steps);

/// Storage of vector 0 <= index <= steps, `order` components; written by the caller where `size`
/// says.
double *ness_krylov_vector(ness_krylov *krylov, int64_t index);

/// Tasks of every phase.
int64_t ness_krylov_tasks(const ness_krylov *krylov);

/// One task of a phase; `x` (`order` components) is read and written by COMBINE alone.
/// Errors: argument.
ness_status ness_krylov_run(ness_krylov *krylov, ness_krylov_phase phase, int64_t task,
                            double *NESS_NULLABLE x);

/// Ends a phase: sums what its tasks found. MEASURE starts a round (size becomes 0), CLEAN updates
/// the least-squares problem, SCALE makes the candidate a member.
void ness_krylov_advance(ness_krylov *krylov, ness_krylov_phase phase);

/// Vectors in the basis; one more than steps taken.
int64_t ness_krylov_size(const ness_krylov *krylov);

/// Euclidean norm of the residual of the current minimizer, from the recurrence.
double ness_krylov_residual(const ness_krylov *krylov);

/// Coefficients of the minimizer for COMBINE. Directions in which the operator vanishes are left
/// out.
void ness_krylov_solve(ness_krylov *krylov);

NESS_END_DECLS

#endif
