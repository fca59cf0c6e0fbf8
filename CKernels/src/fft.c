// Discrete Fourier transforms by FFTW (M. Frigo and S. G. Johnson, Proc. IEEE 93 (2005) 216), in
// O(n log n) for every n.

#if !__has_include(<fftw3.h>)
#error "fftw3.h is missing: install libfftw3-dev"
#endif

#include "ness_fft.h"

#include "ness_internal.h"

#include <fftw3.h>

// Without C's own complex type FFTW's numbers are pairs of doubles.
_Static_assert(sizeof(fftw_complex) == sizeof(ness_complex), "layouts of complex numbers differ");

struct ness_fft {
  fftw_plan plan;
};

ness_status ness_fft_create(int64_t n, bool positive, ness_fft **out) {
  *out = NULL;
  if (n < 1) {
    return NESS_ERR_ARGUMENT;
  }
  if (n > PTRDIFF_MAX / (int64_t)(2 * sizeof(ness_complex))) {
    return NESS_ERR_OVERFLOW;
  }
  ness_status status = NESS_ERR_MEMORY;
  // Estimated plans only look at the addresses: whether they differ and how they are aligned.
  ness_complex *arrays = ness_alloc(2 * n, sizeof *arrays);
  ness_fft *fft = ness_alloc(1, sizeof *fft);
  if (arrays == NULL || fft == NULL) {
    goto done;
  }
  // The interface with 64-bit lengths. Callers' arrays may be aligned in any way.
  const fftw_iodim64 dimension = {.n = n, .is = 1, .os = 1};
  fft->plan =
      fftw_plan_guru64_dft(1, &dimension, 0, NULL, (fftw_complex *)arrays,
                           (fftw_complex *)(arrays + n), positive ? FFTW_BACKWARD : FFTW_FORWARD,
                           FFTW_ESTIMATE | FFTW_UNALIGNED | FFTW_PRESERVE_INPUT);
  if (fft->plan == NULL) {
    status = NESS_ERR_LIBRARY;
    goto done;
  }
  *out = fft;
  fft = NULL;
  status = NESS_OK;
done:
  ness_free(fft);
  ness_free(arrays);
  return status;
}

void ness_fft_execute(const ness_fft *fft, const ness_complex *x, ness_complex *y) {
  // The plan preserves its input, but FFTW has one signature for all plans.
  fftw_execute_dft(fft->plan, (fftw_complex *)(uintptr_t)x, (fftw_complex *)y);
}

void ness_fft_destroy(ness_fft *fft) {
  if (fft != NULL) {
    fftw_destroy_plan(fft->plan);
    ness_free(fft);
  }
}
