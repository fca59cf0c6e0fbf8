/// Discrete Fourier transforms of any length (FFTW).
///
/// Thread rule, unlike elsewhere: FFTW's planner keeps tables of its own for the whole process, so
/// at most one call of `create` or `destroy` may run at a time. The Swift facade holds a lock
/// around both. Transforms run side by side, also with one handle.
#ifndef NESS_FFT_H
#define NESS_FFT_H

#include "ness_base.h"

NESS_BEGIN_DECLS

/// Transform of one length and direction. Read-only after creation.
typedef struct ness_fft ness_fft;

/// Prepares y_k = sum_j x_j exp(-2 pi i j k / n), or with exp(+2 pi i j k / n) when `positive`; n
/// >= 1. Plans are estimated, not measured: the same for the same length on every run. Errors:
/// argument, memory, library.
ness_status ness_fft_create(int64_t n, bool positive, ness_fft *NESS_NULLABLE *NESS_NONNULL out);

/// Transforms the n numbers x into y; they must not overlap, and x is not changed.
void ness_fft_execute(const ness_fft *fft, const ness_complex *x, ness_complex *y);

void ness_fft_destroy(ness_fft *NESS_NULLABLE fft);

NESS_END_DECLS

#endif
