// Pieces of the search for local bases; the public header says what it is.
#ifndef NESS_LOCAL_BASES_PRIVATE_H
#define NESS_LOCAL_BASES_PRIVATE_H

#include "ness_internal.h"
#include "ness_local_bases.h"

struct ness_local_bases {
  int64_t sites, dimension;
  int64_t rank;          // Columns; zero when the matrix is stored as a tensor.
  int64_t *levels;       // `sites` of them.
  int64_t *offsets;      // `sites` + 1: where each basis starts among the levels^2 numbers of all.
  double *tensor;        // dimension^2 real coordinates, see local_bases_create.c; or null.
  ness_complex *columns; // dimension x rank, the column running fastest; or null.
};

// Buffers of one evaluation. Sizes: D the dimension, L the sum of levels.
typedef struct ness_local_workspace {
  double *probabilities, *slope;  // D each: p, and dT/dp up to a constant.
  double *marginals;              // L
  double *stages;                 // Tensor: partial contractions after site 0, 1, ... but the last.
  double *back[2];                // Tensor: their adjoints, the largest of them twice.
  double *weights, *weight_slope; // Tensor: levels^3 of each site.
  ness_complex *state[2];         // Columns: rotated ones, D x rank twice.
  ness_complex *overlap;          // Columns: levels^2 of the largest site.
} ness_local_workspace;

ness_status ness_local_workspace_create(const ness_local_bases *problem,
                                        ness_local_workspace *workspace);
void ness_local_workspace_destroy(ness_local_workspace *workspace);

// T at the given bases, and, when `slope` is not null, matrices Z_k (laid out like the bases) with
// dT = sum_k Re tr(Z_k^+ dU_k) for every change that keeps the bases unitary.
double ness_local_correlation(const ness_local_bases *problem, ness_local_workspace *workspace,
                              const ness_complex *bases, ness_complex *slope);

// Number of angles of a site with n levels.
static inline int64_t ness_angle_count(int64_t n, bool diagonal) {
  return diagonal ? n * n - 1 : n * (n - 1);
}

// Buffers of one matrix exponential exp(iH) of order at most n, H = sum_a x_a Lambda_a.
typedef struct ness_unitary {
  ness_complex *vectors;     // n x n: eigenvectors of H.
  double *values;            // n: eigenvalues.
  ness_complex *exponential; // n x n
  ness_complex *scratch[2];  // n x n each.
} ness_unitary;

ness_status ness_unitary_create(int64_t n, ness_unitary *unitary);
void ness_unitary_destroy(ness_unitary *unitary);
// Fills vectors, values and exponential.
ness_status ness_unitary_exponential(int64_t n, bool diagonal, const double *angles,
                                     ness_unitary *unitary);
// Derivatives of Re tr(Y^+ exp(iH)) with respect to the angles, after the exponential at the same
// angles.
void ness_unitary_gradient(int64_t n, bool diagonal, const ness_complex *y, ness_unitary *unitary,
                           double *gradient);
// c = op(a) b for small square matrices of order n, op the adjoint where asked for; c is distinct.
void ness_small_multiply(int64_t n, bool adjoint, const ness_complex *a, const ness_complex *b,
                         ness_complex *c);

// y[o, t, i] = sum_f c(t, f) x[o, f, i] for arrays with the last index running fastest,
// c(t, f) = matrix[t row + f column].
void ness_dmode_product(int64_t outer, int64_t from, int64_t to, int64_t inner,
                        const double *matrix, int64_t row, int64_t column, const double *x,
                        double *y);
// sum over o, i of y[o, t, i] x[o, f, i], at t + f to.
void ness_dmode_overlap(int64_t outer, int64_t from, int64_t to, int64_t inner, const double *x,
                        const double *y, double *overlap);
// y[o, t, i] = sum_f conj(matrix[f + n t]) x[o, f, i], both modes of order n.
void ness_zmode_adjoint_product(int64_t outer, int64_t n, int64_t inner, const ness_complex *matrix,
                                const ness_complex *x, ness_complex *y);
// sum over o, i of conj(y[o, a, i]) x[o, b, i], at a + n b.
void ness_zmode_overlap(int64_t outer, int64_t n, int64_t inner, const ness_complex *x,
                        const ness_complex *y, ness_complex *overlap);

#endif
