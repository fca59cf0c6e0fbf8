/// Generators without jump pairs, L rho = K rho + rho K^+ + diag(W diag(rho)), applied without
/// assembly to Hermitian matrices that a permutation group G of the basis leaves unchanged.
///
/// A Hermitian matrix X + iY is the real matrix R = X + Y, whose transpose is X - Y. Kets are
/// restricted to one representative s_r per orbit: R(s_r, g s_o) for all orbits r, o and all g in
/// G, at [panel][r][g][lane], where o = panel * lanes + lane. States that some elements fix are
/// stored several times with equal values; lanes beyond the last orbit hold zeros. A cache line
/// holds the lanes: 8 doubles or 16 floats.
///
/// Functions with the letter d or s work on doubles or floats. Vectors have `_count` scalars and
/// should lie on cache lines, as `ness_buffer_create` makes them. Functions that take `first` and
/// `last` work on the panels of that range only, write nothing that belongs to another panel, and
/// may run at the same time on disjoint ranges; per-panel sums make totals independent of how
/// panels were shared out.
#ifndef NESS_ORBIT_H
#define NESS_ORBIT_H

#include "ness_generator.h"
#include "ness_group.h"

NESS_BEGIN_DECLS

typedef struct ness_orbit ness_orbit;

/// Tables of a generator on the ket orbits of `group`, which must be a group of symmetries of it
/// (not checked here) on the same number of states. `floor` > 0: smallest decay rate that the
/// diagonal preconditioner divides by. Neither argument is needed afterwards.
/// Errors: invalidArgument (jump pairs, orders that differ), memory, overflow.
/// Cost nnz(K) + nnz(W) + |G|^2 log|G| time.
ness_status ness_orbit_create(const ness_group *group, const ness_terms *terms, double floor,
                              ness_orbit *NESS_NULLABLE *NESS_NONNULL out);

void ness_orbit_destroy(ness_orbit *NESS_NULLABLE plan);

/// Number of orbits n.
int64_t ness_orbit_count(const ness_orbit *plan);
/// Off-diagonal elements of K in the rows of all representatives, real and imaginary parts
/// counted separately.
int64_t ness_orbit_hop_count(const ness_orbit *plan);
/// Bytes of the tables.
int64_t ness_orbit_bytes(const ness_orbit *plan);
/// Tables of states: number of the orbit (`orbits`, D entries), an element that takes the
/// representative to the state (`elements`, D entries), representatives and sizes of orbits
/// (n entries each), inverses of the elements (|G| entries), products k^-1 g at k*|G| + g
/// (|G|^2 entries). Null leaves one out.
void ness_orbit_tables(const ness_orbit *plan, int32_t *NESS_NULLABLE orbits,
                       int32_t *NESS_NULLABLE elements, int32_t *NESS_NULLABLE representatives,
                       int32_t *NESS_NULLABLE sizes, int32_t *NESS_NULLABLE inverses,
                       int32_t *NESS_NULLABLE quotients);

/// What enters the diagonal besides K: sources[r] = sum_c W(s_r, c) p_c + shift/D sum_a p_a, from
/// one population per orbit; `orbits` entries each. `shift` > 0 makes L + shift |1/D><tr| regular.
/// Serial.
void ness_orbit_sources(const ness_orbit *plan, const double *populations, double shift,
                        double *sources);
/// sum_a p_a from one population per orbit.
double ness_orbit_trace(const ness_orbit *plan, const double *populations);

/// Zero-filled memory that starts on a cache line; in huge pages where the system has them.
ness_status ness_buffer_create(int64_t bytes, void *NESS_NULLABLE *NESS_NONNULL out);
void ness_buffer_destroy(void *NESS_NULLABLE buffer);

/// Number of partial sums per panel of a second pass.
#define NESS_ORBIT_SUMS 3
/// Largest number of vectors that are combined at once.
#define NESS_ORBIT_VECTORS 16

#define NESS_ORBIT_DECLARE(letter, scalar)                                                         \
  /** Lanes of a panel. */                                                                         \
  int64_t ness_##letter##orbit_lanes(void);                                                        \
  /** Panels of a vector. */                                                                       \
  int64_t ness_##letter##orbit_panels(const ness_orbit *plan);                                     \
  /** Scalars of a vector. */                                                                      \
  int64_t ness_##letter##orbit_count(const ness_orbit *plan);                                      \
  /** Scalars of the workspace that every thread needs for itself. */                              \
  int64_t ness_##letter##orbit_work_count(const ness_orbit *plan);                                 \
  /** Populations of the representatives in x, or in x divided by the diagonal of L. Serial. */    \
  void ness_##letter##orbit_populations(const ness_orbit *plan, const scalar *x,                   \
                                        bool preconditioned, double *populations);                 \
  /** First pass of y = L x, or y = L M^-1 x with M the diagonal of L: out and transposed, of the  \
   * size of x, hold two parts of the result. None of the three overlap. */                        \
  void ness_##letter##orbit_apply(const ness_orbit *plan, const scalar *x, bool preconditioned,    \
                                  scalar *out, scalar *transposed, scalar *work, int64_t first,    \
                                  int64_t last);                                                   \
  /** Second pass, after all panels of the first: out += transposed^T + diag(sources); three sums  \
   * of every panel: out.h with the shadow vector h, out.out, max|out|; NaN if an element is. */   \
  void ness_##letter##orbit_combine(const ness_orbit *plan, scalar *out, const scalar *transposed, \
                                    const double *sources, double *sums, int64_t first,            \
                                    int64_t last);                                                 \
  /** Replaces the first `targets` of `count` <= NESS_ORBIT_VECTORS vectors, all different, by     \
   * combinations of all: row i of `coefficients`, `targets` x `count`, by rows. */                \
  void ness_##letter##orbit_mix(const ness_orbit *plan, int64_t count,                             \
                                scalar *NESS_NONNULL const *NESS_NONNULL vectors, int64_t targets, \
                                const double *coefficients, int64_t first, int64_t last);          \
  /** Inner products x_i.x_0, ..., x_i.x_i, x_i.h for i = 0, 1, ...: count (count + 3) / 2 sums    \
   * of every panel. */                                                                            \
  void ness_##letter##orbit_gram(const ness_orbit *plan, int64_t count,                            \
                                 scalar *NESS_NONNULL const *NESS_NONNULL vectors, double *sums,   \
                                 int64_t first, int64_t last);                                     \
  /** y += scale M^-1 x, for y of doubles in the layout of *doubles*. `work` as above. */          \
  void ness_##letter##orbit_update(const ness_orbit *plan, double scale, const scalar *x,          \
                                   double *y, scalar *work, int64_t first, int64_t last);          \
  /** r = scale (diag(sources) - x), x of doubles in the layout of *doubles*. */                   \
  void ness_##letter##orbit_start(const ness_orbit *plan, double scale, const double *sources,     \
                                  const double *x, scalar *r, int64_t first, int64_t last);

NESS_ORBIT_DECLARE(s, float)
NESS_ORBIT_DECLARE(d, double)

/// Makes the copies of every element of x equal, by averages. One block of workspace.
ness_status ness_orbit_align(const ness_orbit *plan, double *x, int64_t first, int64_t last);

/// Elements (kets[i], bras[i]) of the matrix that x of doubles stands for.
ness_status ness_orbit_elements(const ness_orbit *plan, const double *x, int64_t count,
                                const int64_t *kets, const int64_t *bras, ness_complex *out);

/// Sums of elements: out(kept[i], kept[j]) += element (states[i], states[j]) for all i, j in the
/// same one of `groups` ranges [starts[k], starts[k + 1]); out is order x order, by columns.
ness_status ness_orbit_partial_trace(const ness_orbit *plan, const double *x, int64_t groups,
                                     const int64_t *starts, const int64_t *states,
                                     const int64_t *kept, int64_t order, ness_complex *out);

NESS_END_DECLS

#endif
