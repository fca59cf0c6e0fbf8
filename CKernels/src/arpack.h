// The Fortran routines of ARPACK that the Lanczos kernels call (R. B. Lehoucq, D. C. Sorensen,
// C. Yang, ARPACK Users' Guide, SIAM 1998). Declared here because the header of the distribution
// declares complex arguments with C's own complex type. Integers have 32 bits; character arguments
// bring a hidden length each.
#ifndef NESS_ARPACK_H
#define NESS_ARPACK_H

#include "ness_base.h"

void dsaupd_(int *ido, const char *bmat, const int *n, const char *which, const int *nev,
             const double *tol, double *resid, const int *ncv, double *v, const int *ldv,
             int *iparam, int *ipntr, double *workd, double *workl, const int *lworkl, int *info,
             size_t bmat_length, size_t which_length);
void dseupd_(const int *rvec, const char *howmny, int *select, double *d, double *z, const int *ldz,
             const double *sigma, const char *bmat, const int *n, const char *which, const int *nev,
             const double *tol, double *resid, const int *ncv, double *v, const int *ldv,
             int *iparam, int *ipntr, double *workd, double *workl, const int *lworkl, int *info,
             size_t howmny_length, size_t bmat_length, size_t which_length);
void znaupd_(int *ido, const char *bmat, const int *n, const char *which, const int *nev,
             const double *tol, ness_complex *resid, const int *ncv, ness_complex *v,
             const int *ldv, int *iparam, int *ipntr, ness_complex *workd, ness_complex *workl,
             const int *lworkl, double *rwork, int *info, size_t bmat_length, size_t which_length);
void zneupd_(const int *rvec, const char *howmny, int *select, ness_complex *d, ness_complex *z,
             const int *ldz, const ness_complex *sigma, ness_complex *workev, const char *bmat,
             const int *n, const char *which, const int *nev, const double *tol,
             ness_complex *resid, const int *ncv, ness_complex *v, const int *ldv, int *iparam,
             int *ipntr, ness_complex *workd, ness_complex *workl, const int *lworkl, double *rwork,
             int *info, size_t howmny_length, size_t bmat_length, size_t which_length);

#endif
