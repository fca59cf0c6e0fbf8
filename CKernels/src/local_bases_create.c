// Preparation of a matrix for the search of local bases.
//
// A matrix of high rank is stored by real coordinates. At every site the pair of digits (k, b) of
// row and column becomes one index of levels^2 values,
//   k n + k: A_kk,   k n + b, k < b: (A_kb + A_bk)/2,   b n + k, k < b: (A_kb - A_bk)/(2 i),
// which together are real because A is Hermitian. Probabilities are then real multilinear forms,
// with the weights |U_ks|^2, 2 Re P and 2 Im P, P = U_ks conj(U_bs): a factor of eight less work
// than with complex pairs, and a site at a time contracts levels^2 values to levels.
#include "dense_private.h"
#include "local_bases_private.h"

// Checks the levels and fills what both forms share.
static ness_status create(int64_t sites, const int64_t *levels, ness_local_bases **out) {
  if (sites < 1) {
    return NESS_ERR_ARGUMENT;
  }
  int64_t dimension = 1, squared;
  for (int64_t k = 0; k < sites; ++k) {
    if (levels[k] < 1) {
      return NESS_ERR_ARGUMENT;
    }
    if (!ness_product(dimension, levels[k], &dimension)) {
      return NESS_ERR_OVERFLOW;
    }
  }
  // One square more than needed keeps all sizes below, none of which exceeds eight of them, in
  // range.
  if (!ness_product(dimension, dimension, &squared) || squared > INT64_MAX / 128) {
    return NESS_ERR_OVERFLOW;
  }
  ness_local_bases *made = ness_calloc(1, sizeof *made);
  if (made == NULL) {
    return NESS_ERR_MEMORY;
  }
  made->sites = sites;
  made->dimension = dimension;
  made->levels = ness_alloc(sites, sizeof *made->levels);
  made->offsets = ness_alloc(sites + 1, sizeof *made->offsets);
  if (made->levels == NULL || made->offsets == NULL) {
    ness_local_bases_destroy(made);
    return NESS_ERR_MEMORY;
  }
  made->offsets[0] = 0;
  for (int64_t k = 0; k < sites; ++k) {
    made->levels[k] = levels[k];
    made->offsets[k + 1] = made->offsets[k] + levels[k] * levels[k];
  }
  *out = made;
  return NESS_OK;
}

void ness_local_bases_destroy(ness_local_bases *problem) {
  if (problem == NULL) {
    return;
  }
  ness_free(problem->levels);
  ness_free(problem->offsets);
  ness_free(problem->tensor);
  ness_free(problem->columns);
  ness_free(problem);
}

ness_status ness_local_bases_create_columns(int64_t sites, const int64_t *levels, int64_t rank,
                                            const ness_complex *columns, ness_local_bases **out) {
  *out = NULL;
  if (rank < 1) {
    return NESS_ERR_ARGUMENT;
  }
  ness_local_bases *made = NULL;
  ness_status status = create(sites, levels, &made);
  if (status != NESS_OK) {
    return status;
  }
  const int64_t dimension = made->dimension;
  int64_t size;
  if (!ness_product(dimension, rank, &size) || size > INT64_MAX / 2) {
    status = NESS_ERR_OVERFLOW;
  } else if (!ness_all_finite(2 * size, (const double *)columns)) {
    status = NESS_ERR_ARGUMENT;
  } else if ((made->columns = ness_alloc(size, sizeof *made->columns)) == NULL) {
    status = NESS_ERR_MEMORY;
  }
  if (status != NESS_OK) {
    ness_local_bases_destroy(made);
    return status;
  }
  made->rank = rank;
  for (int64_t s = 0; s < dimension; ++s) {
    for (int64_t c = 0; c < rank; ++c) {
      made->columns[c + rank * s] = columns[s + dimension * c];
    }
  }
  *out = made;
  return NESS_OK;
}

// Where the pairs of digits of row `index` (weight levels) or column (weight 1) go in an array over
// the pairs of all sites.
static int64_t pair_position(const ness_local_bases *problem, int64_t index, bool row) {
  int64_t position = 0, stride = 1;
  for (int64_t k = problem->sites - 1; k >= 0; --k) {
    const int64_t n = problem->levels[k];
    position += index % n * (row ? n : 1) * stride;
    stride *= n * n;
    index /= n;
  }
  return position;
}

// Replaces the pairs of one site by sums and differences.
static void to_coordinates(int64_t outer, int64_t n, int64_t inner, ness_complex *pairs) {
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t k = 0; k < n; ++k) {
      for (int64_t b = k + 1; b < n; ++b) {
        ness_complex *upper = pairs + ((o * n + k) * n + b) * inner;
        ness_complex *lower = pairs + ((o * n + b) * n + k) * inner;
        for (int64_t i = 0; i < inner; ++i) {
          const ness_complex u = upper[i], v = lower[i];
          upper[i] = (ness_complex){(u.re + v.re) / 2, (u.im + v.im) / 2};
          lower[i] = (ness_complex){(u.im - v.im) / 2, (v.re - u.re) / 2};
        }
      }
    }
  }
}

ness_status ness_local_bases_create_matrix(int64_t sites, const int64_t *levels,
                                           const ness_complex *matrix, ness_local_bases **out) {
  *out = NULL;
  ness_local_bases *made = NULL;
  ness_status status = create(sites, levels, &made);
  if (status != NESS_OK) {
    return status;
  }
  const int64_t dimension = made->dimension, size = dimension * dimension;
  int64_t *rows = NULL;
  ness_complex *pairs = NULL;
  if (!ness_all_finite(2 * size, (const double *)matrix)) {
    status = NESS_ERR_ARGUMENT;
    goto done;
  }
  made->tensor = ness_alloc(size, sizeof *made->tensor);
  rows = ness_alloc(dimension, sizeof *rows);
  pairs = ness_alloc(size, sizeof *pairs);
  if (made->tensor == NULL || rows == NULL || pairs == NULL) {
    status = NESS_ERR_MEMORY;
    goto done;
  }
  for (int64_t ket = 0; ket < dimension; ++ket) {
    rows[ket] = pair_position(made, ket, true);
  }
  for (int64_t bra = 0; bra < dimension; ++bra) {
    const int64_t column = pair_position(made, bra, false);
    for (int64_t ket = 0; ket < dimension; ++ket) {
      pairs[rows[ket] + column] = matrix[ket + dimension * bra];
    }
  }
  int64_t outer = 1, inner = size;
  for (int64_t k = 0; k < sites; ++k) {
    const int64_t n = levels[k];
    inner /= n * n;
    to_coordinates(outer, n, inner, pairs);
    outer *= n * n;
  }
  for (int64_t j = 0; j < size; ++j) {
    made->tensor[j] = pairs[j].re;
  }
  *out = made;
  made = NULL;
done:
  ness_free(rows);
  ness_free(pairs);
  ness_local_bases_destroy(made);
  return status;
}
