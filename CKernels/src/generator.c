/// Application of a lowered generator,
///
///     L rho = K rho + rho K^+ + sum_k A_k rho B_k^+ + diag(W diag(rho)),
///
/// to dense matrices, column by column: column j of rho X^+ is sum_c conj(X_jc) rho_c, a sum of
/// whole columns, so that every inner loop runs over contiguous memory.
#include "ness_generator.h"

#include <string.h>

#include "ness_internal.h"
#include "sector_private.h"

#pragma STDC FP_CONTRACT ON

bool ness_terms_valid(const ness_terms *terms) {
  const int64_t order = terms->order;
  if (order < 1 || terms->drift.rows != order || terms->drift.columns != order ||
      terms->jump_count < 0 || (terms->jump_count > 0 && (!terms->left || !terms->right))) {
    return false;
  }
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    if (terms->left[k].rows != order || terms->left[k].columns != order ||
        terms->right[k].rows != order || terms->right[k].columns != order) {
      return false;
    }
  }
  return !terms->rates || (terms->rates->rows == order && terms->rates->columns == order);
}

// y += alpha x
NESS_CLONES
static void add_scaled(int64_t n, ness_complex alpha, const ness_complex *restrict x,
                       ness_complex *restrict y) {
  for (int64_t i = 0; i < n; ++i) {
    y[i].re += alpha.re * x[i].re - alpha.im * x[i].im;
    y[i].im += alpha.re * x[i].im + alpha.im * x[i].re;
  }
}

// out += X rho, all order x order.
NESS_CLONES
static void add_left_product(const ness_zcsc *x, const ness_complex *restrict rho,
                             ness_complex *restrict out) {
  const int64_t order = x->rows;
  for (int64_t j = 0; j < order; ++j) {
    const ness_complex *const column = rho + j * order;
    ness_complex *const target = out + j * order;
    for (int64_t c = 0; c < order; ++c) {
      const ness_complex factor = column[c];
      for (int64_t p = x->starts[c]; p < x->starts[c + 1]; ++p) {
        const ness_complex value = x->values[p];
        ness_complex *const element = target + x->indices[p];
        element->re += value.re * factor.re - value.im * factor.im;
        element->im += value.re * factor.im + value.im * factor.re;
      }
    }
  }
}

// out += rho X^+, all order x order.
static void add_right_product(const ness_zcsc *x, const ness_complex *restrict rho,
                              ness_complex *restrict out) {
  const int64_t order = x->rows;
  for (int64_t c = 0; c < order; ++c) {
    for (int64_t p = x->starts[c]; p < x->starts[c + 1]; ++p) {
      const ness_complex conjugate = {x->values[p].re, -x->values[p].im};
      add_scaled(order, conjugate, rho + c * order, out + x->indices[p] * order);
    }
  }
}

ness_status ness_terms_apply(const ness_terms *terms, const ness_complex *rho, ness_complex *out) {
  if (!ness_terms_valid(terms)) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t order = terms->order;
  if (order > INT32_MAX) {
    return NESS_ERR_OVERFLOW;
  }
  const size_t bytes = (size_t)(order * order) * sizeof(ness_complex);
  ness_complex *work = NULL;
  if (terms->jump_count > 0) {
    work = ness_alloc(order * order, sizeof(ness_complex));
    if (!work) {
      return NESS_ERR_MEMORY;
    }
  }
  memset(out, 0, bytes);
  add_left_product(&terms->drift, rho, out);
  add_right_product(&terms->drift, rho, out);
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    memset(work, 0, bytes);
    add_left_product(&terms->left[k], rho, work);
    add_right_product(&terms->right[k], work, out);
  }
  if (terms->rates) {
    const ness_dcsc *const rates = terms->rates;
    for (int64_t c = 0; c < order; ++c) {
      const ness_complex population = rho[c * (order + 1)];
      for (int64_t p = rates->starts[c]; p < rates->starts[c + 1]; ++p) {
        ness_complex *const element = out + rates->indices[p] * (order + 1);
        element->re += rates->values[p] * population.re;
        element->im += rates->values[p] * population.im;
      }
    }
  }
  ness_free(work);
  return NESS_OK;
}

static ness_complex times(ness_complex a, ness_complex b) {
  return (ness_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static ness_complex conjugate(ness_complex a) {
  return (ness_complex){a.re, -a.im};
}

// <x|y>
static ness_complex inner(int64_t n, const ness_complex *x, const ness_complex *y) {
  ness_complex sum = {0, 0};
  for (int64_t i = 0; i < n; ++i) {
    const ness_complex term = times(conjugate(x[i]), y[i]);
    sum.re += term.re;
    sum.im += term.im;
  }
  return sum;
}

// <x|M|y>
static ness_complex matrix_element(const ness_zcsc *m, const ness_complex *x,
                                   const ness_complex *y) {
  ness_complex sum = {0, 0};
  for (int64_t c = 0; c < m->columns; ++c) {
    ness_complex row = {0, 0};
    for (int64_t p = m->starts[c]; p < m->starts[c + 1]; ++p) {
      const ness_complex term = times(conjugate(x[m->indices[p]]), m->values[p]);
      row.re += term.re;
      row.im += term.im;
    }
    const ness_complex term = times(row, y[c]);
    sum.re += term.re;
    sum.im += term.im;
  }
  return sum;
}

ness_status ness_terms_form(const ness_terms *terms, const ness_complex *x, const ness_complex *u,
                            const ness_complex *v, const ness_complex *y, ness_complex *value) {
  if (!ness_terms_valid(terms)) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t order = terms->order;
  // <x|K u><v|y> + <x|u><K v|y>^..., where <v|K^+ y> = conj(<y|K v>)
  ness_complex sum = times(matrix_element(&terms->drift, x, u), inner(order, v, y));
  const ness_complex right =
      times(inner(order, x, u), conjugate(matrix_element(&terms->drift, y, v)));
  sum.re += right.re;
  sum.im += right.im;
  for (int64_t k = 0; k < terms->jump_count; ++k) {
    const ness_complex term = times(matrix_element(&terms->left[k], x, u),
                                    conjugate(matrix_element(&terms->right[k], y, v)));
    sum.re += term.re;
    sum.im += term.im;
  }
  if (terms->rates) {
    const ness_dcsc *const rates = terms->rates;
    for (int64_t c = 0; c < order; ++c) {
      ness_complex row = {0, 0};
      for (int64_t p = rates->starts[c]; p < rates->starts[c + 1]; ++p) {
        const int64_t a = rates->indices[p];
        const ness_complex term = times(conjugate(x[a]), y[a]);
        row.re += rates->values[p] * term.re;
        row.im += rates->values[p] * term.im;
      }
      const ness_complex term = times(row, times(u[c], conjugate(v[c])));
      sum.re += term.re;
      sum.im += term.im;
    }
  }
  *value = sum;
  return NESS_OK;
}
