// Comparison of a sparse matrix with itself moved, one column at a time: the entries of the image
// column are spread out by row, so that no entry is searched for.
#include "ness_symmetry.h"

#include <math.h>

#include "ness_internal.h"

// Notes where the rows of a column are stored; `positions` is -1 everywhere in between.
static void spread(const int64_t *starts, const int64_t *indices, int64_t column,
                   int64_t *positions) {
  for (int64_t p = starts[column]; p < starts[column + 1]; ++p) {
    positions[indices[p]] = p;
  }
}

static void clear(const int64_t *starts, const int64_t *indices, int64_t column,
                  int64_t *positions) {
  for (int64_t p = starts[column]; p < starts[column + 1]; ++p) {
    positions[indices[p]] = -1;
  }
}

static void note(ness_change *change, double size, double allowed) {
  change->largest = size > change->largest ? size : change->largest;
  change->exceeds |= !(size <= allowed);
}

ness_change ness_zcsc_change(const ness_zcsc *matrix, const int64_t *images,
                             const ness_complex *phases, double absolute, double relative,
                             const double *scales, int64_t *positions) {
  ness_change change = {0, false};
  for (int64_t a = 0; a < matrix->rows; ++a) {
    positions[a] = -1;
  }
  for (int64_t c = 0; c < matrix->columns; ++c) {
    spread(matrix->starts, matrix->indices, images[c], positions);
    for (int64_t p = matrix->starts[c]; p < matrix->starts[c + 1]; ++p) {
      const int64_t row = matrix->indices[p];
      const int64_t image = positions[images[row]];
      const ness_complex other = image < 0 ? (ness_complex){0, 0} : matrix->values[image];
      ness_complex value = matrix->values[p];
      double scale = hypot(value.re, value.im);
      if (scales) {
        scale = fmax(scale, sqrt(scales[row] * scales[c]));
      }
      if (phases) {
        const ness_complex x = phases[row], y = phases[c];
        const ness_complex turn = {x.re * y.re + x.im * y.im, x.im * y.re - x.re * y.im};
        value = (ness_complex){value.re * turn.re - value.im * turn.im,
                               value.re * turn.im + value.im * turn.re};
      }
      note(&change, hypot(value.re - other.re, value.im - other.im), absolute + relative * scale);
    }
    clear(matrix->starts, matrix->indices, images[c], positions);
  }
  return change;
}

ness_change ness_dcsc_change(const ness_dcsc *matrix, const int64_t *images, double absolute,
                             double relative, int64_t *positions) {
  ness_change change = {0, false};
  for (int64_t a = 0; a < matrix->rows; ++a) {
    positions[a] = -1;
  }
  for (int64_t c = 0; c < matrix->columns; ++c) {
    spread(matrix->starts, matrix->indices, images[c], positions);
    for (int64_t p = matrix->starts[c]; p < matrix->starts[c + 1]; ++p) {
      const int64_t image = positions[images[matrix->indices[p]]];
      const double value = matrix->values[p], other = image < 0 ? 0 : matrix->values[image];
      note(&change, fabs(value - other), absolute + relative * fabs(value));
    }
    clear(matrix->starts, matrix->indices, images[c], positions);
  }
  return change;
}
