// Products of a jump chain on panels of columns, for one scalar type. The including file defines
// COMPLEX (a struct of re and im), REAL, ONE and ZERO (of type COMPLEX), GEMM and CHAIN(name).
// Products with V^+ from the right are Hermitian, so that a panel is computed down to the diagonal
// only and mirrored: tasks write disjoint elements.

// Elements above the diagonal of a panel copied to below it; those on it are made real.
NESS_CLONES static void CHAIN(mirror)(int64_t n, const chain_task *task, COMPLEX *state) {
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    for (int64_t i = 0; i < j; ++i) {
      const COMPLEX x = state[i + j * n];
      state[j + i * n] = (COMPLEX){x.re, -x.im};
    }
    state[j * (n + 1)].im = 0;
  }
}

// -x_ij / (value_i + conj value_j - shift) for rows up to the diagonal of a panel.
NESS_CLONES static void CHAIN(divide)(int64_t n, const chain_task *task, double shift,
                                      const ness_complex *restrict values,
                                      COMPLEX *restrict state) {
  for (int64_t j = task->first; j < task->first + task->count; ++j) {
    for (int64_t i = 0; i <= j; ++i) {
      // Squares of rates need not be numbers of single precision.
      const double re = values[i].re + values[j].re - shift, im = values[i].im - values[j].im;
      const double scale = -1 / (re * re + im * im);
      const REAL u = (REAL)(scale * re), v = (REAL)(scale * im);
      const COMPLEX x = state[i + j * n];
      state[i + j * n] = (COMPLEX){x.re * u + x.im * v, x.im * u - x.re * v};
    }
  }
}

// A panel of a product of n x n matrices, the first `rows` rows of it.
static void CHAIN(product)(int64_t n, int64_t rows, const chain_task *task, bool adjoint_a,
                           const COMPLEX *a, bool adjoint_b, const COMPLEX *b, COMPLEX *c) {
  GEMM(CblasColMajor, adjoint_a ? CblasConjTrans : CblasNoTrans,
       adjoint_b ? CblasConjTrans : CblasNoTrans, (int)rows, (int)task->count, (int)n, &ONE, a,
       (int)n, b + (adjoint_b ? task->first : task->first * n), (int)n, &ZERO, c + task->first * n,
       (int)n);
}
