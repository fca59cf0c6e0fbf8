// Decomposition of the blocks of a jump chain: eigenvectors, or the Schur form where those are too
// nearly dependent, as at an exceptional point.

#include "jump_chain_private.h"

#include "dense_private.h"
#include "lapack.h"
#include "ness_dense.h"

#include <string.h>

void chain_forget(chain_block *block) {
  ness_free(block->right_single);
  ness_free(block->values);
  ness_free(block->right);
  ness_free(block->left);
  block->values = NULL;
  block->right = NULL;
  block->left = NULL;
  block->right_single = NULL;
}

static double frobenius(int64_t count, const ness_complex *a) {
  double sum = 0;
  for (int64_t k = 0; k < count; ++k) {
    sum += a[k].re * a[k].re + a[k].im * a[k].im;
  }
  return sqrt(sum);
}

static void spread_out(const ness_zcsc *matrix, ness_complex *dense) {
  const int64_t n = matrix->rows;
  memset(dense, 0, (size_t)(n * n) * sizeof *dense);
  for (int64_t j = 0; j < n; ++j) {
    for (int64_t k = matrix->starts[j]; k < matrix->starts[j + 1]; ++k) {
      dense[matrix->indices[k] + j * n] = matrix->values[k];
    }
  }
}

// In place; singular when a pivot is exactly zero.
static ness_status invert(int64_t n, ness_complex *a) {
  const int order = (int)n, query = -1;
  int info, length;
  ness_complex answer;
  zgetri_(&order, NULL, &order, NULL, &answer, &query, &info);
  if (info != 0 || !ness_work_length(answer.re, &length)) {
    return NESS_ERR_OVERFLOW;
  }
  ness_status status = NESS_ERR_MEMORY;
  int *pivots = ness_alloc(n, sizeof *pivots);
  ness_complex *work = ness_alloc(length, sizeof *work);
  if (pivots != NULL && work != NULL) {
    zgetrf_(&order, &order, a, &order, pivots, &info);
    if (info == 0) {
      zgetri_(&order, a, &order, pivots, work, &length, &info);
    }
    status = info > 0 ? NESS_ERR_SINGULAR : info < 0 ? NESS_ERR_LIBRARY : NESS_OK;
  }
  ness_free(work);
  ness_free(pivots);
  return status;
}

// T replaces `a`, Q and the eigenvalues are written.
static ness_status schur(int64_t n, ness_complex *a, ness_complex *q, ness_complex *values) {
  const int order = (int)n, query = -1;
  int info, length, found;
  ness_complex answer;
  // The query passes through to routines that write their own answer into the real workspace.
  double real_answer;
  zgees_("V", "N", NULL, &order, NULL, &order, &found, NULL, NULL, &order, &answer, &query,
         &real_answer, NULL, &info, 1, 1);
  if (info != 0 || !ness_work_length(answer.re, &length)) {
    return NESS_ERR_OVERFLOW;
  }
  ness_status status = NESS_ERR_MEMORY;
  ness_complex *work = ness_alloc(length, sizeof *work);
  double *real_work = ness_alloc(n, sizeof *real_work);
  if (work != NULL && real_work != NULL) {
    zgees_("V", "N", NULL, &order, a, &order, &found, values, q, &order, work, &length, real_work,
           NULL, &info, 1, 1);
    status = ness_lapack_status(info);
  }
  ness_free(real_work);
  ness_free(work);
  return status;
}

static void measure(int64_t n, const ness_complex *values, ness_chain_info *info) {
  double gap = INFINITY, scale = 0;
  for (int64_t i = 0; i < n; ++i) {
    scale = fmax(scale, hypot(values[i].re, values[i].im));
    for (int64_t j = 0; j <= i; ++j) {
      gap = fmin(gap, hypot(values[i].re + values[j].re, values[i].im - values[j].im));
    }
  }
  info->gap = gap;
  info->scale = scale;
}

ness_status ness_chain_factor(ness_chain *c, int64_t block, ness_chain_form form,
                              double condition_limit, ness_chain_info *info) {
  if (block < 0 || block >= c->block_count ||
      (form != NESS_CHAIN_EIGENVECTORS && form != NESS_CHAIN_SCHUR)) {
    return NESS_ERR_ARGUMENT;
  }
  chain_block *target = &c->blocks[block];
  const int64_t n = target->order, elements = n * n;
  chain_forget(target);
  ness_chain_info found = {form, 1, 0, 0};
  ness_status status = NESS_ERR_MEMORY;
  ness_complex *dense = ness_lapack_matrix(n, n, sizeof *dense);
  target->left = ness_lapack_matrix(n, n, sizeof *target->left);
  target->values = ness_alloc(n, sizeof *target->values);
  if (dense == NULL || target->left == NULL || target->values == NULL) {
    goto done;
  }
  spread_out(&target->drift.view, dense);
  if (form == NESS_CHAIN_EIGENVECTORS) {
    status = ness_zeig(n, dense, target->values, target->left);
    if (status != NESS_OK) {
      goto done;
    }
    memcpy(dense, target->left, (size_t)elements * sizeof *dense);
    status = invert(n, dense);
    if (status != NESS_OK && status != NESS_ERR_SINGULAR) {
      goto done;
    }
    found.condition = status == NESS_OK
                          ? frobenius(elements, target->left) * frobenius(elements, dense)
                          : INFINITY;
    if (!(found.condition <= condition_limit)) {
      form = NESS_CHAIN_SCHUR;
      spread_out(&target->drift.view, dense);
    }
  }
  if (form == NESS_CHAIN_SCHUR) {
    found.condition = 1;
    status = schur(n, dense, target->left, target->values);
    if (status != NESS_OK) {
      goto done;
    }
  }
  measure(n, target->values, &found);
  found.form = form;
  target->form = form;
  target->right = dense;
  dense = NULL;
  *info = found;
  status = NESS_OK;
done:
  if (status != NESS_OK) {
    chain_forget(target);
  }
  ness_free(dense);
  return status;
}
