#if !__has_include(<cblas.h>)
#error "cblas.h is missing: install libopenblas-dev"
#endif

#include "dense_private.h"
#include "ness_dense.h"

#include <cblas.h>
#include <string.h>

ness_status ness_zmultiply(int64_t m, int64_t n, int64_t k, bool adjoint_a, const ness_complex *a,
                           bool adjoint_b, const ness_complex *b, ness_complex *c) {
  int64_t size_a, size_b, size_c;
  ness_status status = ness_dense_size(m, k, &size_a);
  if (status == NESS_OK) {
    status = ness_dense_size(k, n, &size_b);
  }
  if (status == NESS_OK) {
    status = ness_dense_size(m, n, &size_c);
  }
  if (status != NESS_OK || size_c == 0) {
    return status;
  }
  if (k == 0) {
    memset(c, 0, (size_t)size_c * sizeof *c);
    return NESS_OK;
  }
  const ness_complex one = {1, 0}, zero = {0, 0};
  cblas_zgemm(CblasColMajor, adjoint_a ? CblasConjTrans : CblasNoTrans,
              adjoint_b ? CblasConjTrans : CblasNoTrans, (int)m, (int)n, (int)k, &one, a,
              (int)(adjoint_a ? k : m), b, (int)(adjoint_b ? n : k), &zero, c, (int)m);
  return NESS_OK;
}
