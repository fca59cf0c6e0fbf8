// Dense eigenvalues and singular values. Every routine works on copies, so that inputs stay and
// outputs appear on success only.

#include "dense_private.h"
#include "lapack.h"
#include "ness_dense.h"

#include <string.h>

// Eigenvalues and eigenvectors of [[a, conj(c)], [c, b]] by one rotation: blocks of one or two
// states are many in sparse problems, and LAPACK takes microseconds for each.
static void eigen_of_pair(const ness_complex *a, double *values, ness_complex *vectors) {
  const double low = a[0].re, high = a[3].re, size = hypot(a[1].re, a[1].im);
  const double tau = size > 0 ? (high - low) / (2 * size) : 0;
  const double tangent = size > 0 ? (tau < 0 ? -1 : 1) / (fabs(tau) + sqrt(1 + tau * tau)) : 0;
  const double cosine = 1 / sqrt(1 + tangent * tangent), sine = tangent * cosine;
  const ness_complex phase =
      size > 0 ? (ness_complex){a[1].re / size, a[1].im / size} : (ness_complex){1, 0};
  // Eigenvalue low - t |c| with (cos, -sin e^{i arg c}), high + t |c| with (sin, cos e^{i arg c}).
  const double first = low - tangent * size, second = high + tangent * size;
  const bool ordered = first <= second;
  values[0] = ordered ? first : second;
  values[1] = ordered ? second : first;
  if (vectors != NULL) {
    ness_complex *of_first = vectors + (ordered ? 0 : 2), *of_second = vectors + (ordered ? 2 : 0);
    of_first[0] = (ness_complex){cosine, 0};
    of_first[1] = (ness_complex){-sine * phase.re, -sine * phase.im};
    of_second[0] = (ness_complex){sine, 0};
    of_second[1] = (ness_complex){cosine * phase.re, cosine * phase.im};
  }
}

ness_status ness_zeigh(int64_t n, const ness_complex *a, double *values, ness_complex *vectors) {
  int64_t elements;
  ness_status status = ness_dense_size(n, n, &elements);
  if (status != NESS_OK || n == 0) {
    return status;
  }
  for (int64_t j = 0; j < n; ++j) {
    if (!ness_all_finite(2 * (n - j), (const double *)(a + j + j * n))) {
      return NESS_ERR_ARGUMENT;
    }
  }
  if (n == 1) {
    values[0] = a[0].re;
    if (vectors != NULL) {
      vectors[0] = (ness_complex){1, 0};
    }
    return NESS_OK;
  }
  if (n == 2) {
    eigen_of_pair(a, values, vectors);
    return NESS_OK;
  }
  const char *job = vectors != NULL ? "V" : "N";
  const int order = (int)n, query = -1;
  int info, length, real_length, integer_length, integer_answer;
  ness_complex answer;
  double real_answer;
  zheevd_(job, "L", &order, NULL, &order, NULL, &answer, &query, &real_answer, &query,
          &integer_answer, &query, &info, 1, 1);
  // With vectors, 2 n^2 + 5 n + 1 doubles are needed; LAPACK computes that number in 32 bits and
  // lets it wrap.
  const bool wraps =
      vectors != NULL && 2.0 * (double)n * (double)n + 5.0 * (double)n + 1.0 > INT_MAX;
  if (info != 0 || wraps || !ness_work_length(answer.re, &length) ||
      !ness_work_length(real_answer, &real_length)) {
    return NESS_ERR_OVERFLOW;
  }
  integer_length = integer_answer;
  status = NESS_ERR_MEMORY;
  ness_complex *copy = ness_lapack_matrix(n, n, sizeof *copy);
  double *found = ness_alloc(n, sizeof *found);
  ness_complex *work = ness_alloc(length, sizeof *work);
  double *real_work = ness_alloc(real_length, sizeof *real_work);
  int *integer_work = ness_alloc(integer_length, sizeof *integer_work);
  if (copy == NULL || found == NULL || work == NULL || real_work == NULL || integer_work == NULL) {
    goto done;
  }
  memcpy(copy, a, (size_t)elements * sizeof *copy);
  zheevd_(job, "L", &order, copy, &order, found, work, &length, real_work, &real_length,
          integer_work, &integer_length, &info, 1, 1);
  status = ness_lapack_status(info);
  if (status == NESS_OK) {
    memcpy(values, found, (size_t)n * sizeof *values);
    if (vectors != NULL) {
      memcpy(vectors, copy, (size_t)elements * sizeof *vectors);
    }
  }
done:
  ness_free(integer_work);
  ness_free(real_work);
  ness_free(work);
  ness_free(found);
  ness_free(copy);
  return status;
}

ness_status ness_zeig(int64_t n, const ness_complex *a, ness_complex *values,
                      ness_complex *vectors) {
  int64_t elements;
  ness_status status = ness_dense_size(n, n, &elements);
  if (status != NESS_OK || n == 0) {
    return status;
  }
  if (!ness_all_finite(2 * elements, (const double *)a)) {
    return NESS_ERR_ARGUMENT;
  }
  const char *job = vectors != NULL ? "V" : "N";
  const int order = (int)n, query = -1, one = 1;
  int info, length;
  ness_complex answer;
  // The query passes through to routines that write their own answer into the real workspace.
  double real_answer;
  zgeev_("N", job, &order, NULL, &order, NULL, NULL, &one, NULL, &order, &answer, &query,
         &real_answer, &info, 1, 1);
  if (info != 0 || !ness_work_length(answer.re, &length)) {
    return NESS_ERR_OVERFLOW;
  }
  status = NESS_ERR_MEMORY;
  ness_complex *copy = ness_lapack_matrix(n, n, sizeof *copy);
  ness_complex *found = ness_alloc(n, sizeof *found);
  ness_complex *right = ness_lapack_matrix(n, vectors != NULL ? n : 0, sizeof *right);
  ness_complex *work = ness_alloc(length, sizeof *work);
  double *real_work = ness_alloc(2 * n, sizeof *real_work);
  if (copy == NULL || found == NULL || right == NULL || work == NULL || real_work == NULL) {
    goto done;
  }
  memcpy(copy, a, (size_t)elements * sizeof *copy);
  zgeev_("N", job, &order, copy, &order, found, NULL, &one, right, &order, work, &length, real_work,
         &info, 1, 1);
  status = ness_lapack_status(info);
  if (status == NESS_OK) {
    memcpy(values, found, (size_t)n * sizeof *values);
    if (vectors != NULL) {
      memcpy(vectors, right, (size_t)elements * sizeof *vectors);
    }
  }
done:
  ness_free(real_work);
  ness_free(work);
  ness_free(right);
  ness_free(found);
  ness_free(copy);
  return status;
}

ness_status ness_deig_values(int64_t n, const double *a, ness_complex *values) {
  int64_t elements;
  ness_status status = ness_dense_size(n, n, &elements);
  if (status != NESS_OK || n == 0) {
    return status;
  }
  if (!ness_all_finite(elements, a)) {
    return NESS_ERR_ARGUMENT;
  }
  const int order = (int)n, query = -1, one = 1;
  int info, length;
  double answer;
  dgeev_("N", "N", &order, NULL, &order, NULL, NULL, NULL, &one, NULL, &one, &answer, &query, &info,
         1, 1);
  if (info != 0 || !ness_work_length(answer, &length)) {
    return NESS_ERR_OVERFLOW;
  }
  status = NESS_ERR_MEMORY;
  double *copy = ness_lapack_matrix(n, n, sizeof *copy);
  double *parts = ness_alloc(2 * n, sizeof *parts);
  double *work = ness_alloc(length, sizeof *work);
  if (copy == NULL || parts == NULL || work == NULL) {
    goto done;
  }
  memcpy(copy, a, (size_t)elements * sizeof *copy);
  dgeev_("N", "N", &order, copy, &order, parts, parts + n, NULL, &one, NULL, &one, work, &length,
         &info, 1, 1);
  status = ness_lapack_status(info);
  for (int64_t k = 0; k < n && status == NESS_OK; ++k) {
    values[k] = (ness_complex){parts[k], parts[n + k]};
  }
done:
  ness_free(work);
  ness_free(parts);
  ness_free(copy);
  return status;
}

// The scalars differ in LAPACK's entry point and in a real workspace that only the complex one has.
static void gesdd(bool is_complex, int rows, int columns, void *a, double *values, void *work,
                  int length, double *real_work, int *integer_work, int *info) {
  const int one = 1;
  if (is_complex) {
    zgesdd_("N", &rows, &columns, a, &rows, values, NULL, &one, NULL, &one, work, &length,
            real_work, integer_work, info, 1);
  } else {
    dgesdd_("N", &rows, &columns, a, &rows, values, NULL, &one, NULL, &one, work, &length,
            integer_work, info, 1);
  }
}

static ness_status singular_values(bool is_complex, int64_t rows, int64_t columns, const double *a,
                                   double *values) {
  const int64_t width = is_complex ? 2 : 1;
  int64_t elements;
  ness_status status = ness_dense_size(rows, columns, &elements);
  if (status != NESS_OK || elements == 0) {
    return status;
  }
  if (!ness_all_finite(width * elements, a)) {
    return NESS_ERR_ARGUMENT;
  }
  const int64_t count = rows < columns ? rows : columns;
  double answer[2];
  int info, length;
  gesdd(is_complex, (int)rows, (int)columns, NULL, NULL, answer, -1, NULL, NULL, &info);
  if (info != 0 || !ness_work_length(answer[0], &length)) {
    return NESS_ERR_OVERFLOW;
  }
  status = NESS_ERR_MEMORY;
  double *copy = ness_lapack_matrix(rows, columns, (size_t)width * sizeof *copy);
  double *found = ness_alloc(count, sizeof *found);
  double *work = ness_alloc(length, (size_t)width * sizeof *work);
  double *real_work = ness_alloc(is_complex ? 7 * count : 0, sizeof *real_work);
  int *integer_work = ness_alloc(8 * count, sizeof *integer_work);
  if (copy == NULL || found == NULL || work == NULL || real_work == NULL || integer_work == NULL) {
    goto done;
  }
  memcpy(copy, a, (size_t)(width * elements) * sizeof *copy);
  gesdd(is_complex, (int)rows, (int)columns, copy, found, work, length, real_work, integer_work,
        &info);
  status = ness_lapack_status(info);
  if (status == NESS_OK) {
    memcpy(values, found, (size_t)count * sizeof *values);
  }
done:
  ness_free(integer_work);
  ness_free(real_work);
  ness_free(work);
  ness_free(found);
  ness_free(copy);
  return status;
}

ness_status ness_dsingular_values(int64_t rows, int64_t columns, const double *a, double *values) {
  return singular_values(false, rows, columns, a, values);
}

ness_status ness_zsingular_values(int64_t rows, int64_t columns, const ness_complex *a,
                                  double *values) {
  return singular_values(true, rows, columns, (const double *)a, values);
}
