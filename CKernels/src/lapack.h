// The Fortran routines of LAPACK that the dense kernels call. Dimensions have 32 bits in OpenBLAS
// as distributions build it; character arguments bring a hidden length each.
#ifndef NESS_LAPACK_H
#define NESS_LAPACK_H

#include "ness_base.h"

void zheevd_(const char *jobz, const char *uplo, const int *n, ness_complex *a, const int *lda,
             double *w, ness_complex *work, const int *lwork, double *rwork, const int *lrwork,
             int *iwork, const int *liwork, int *info, size_t jobz_length, size_t uplo_length);
void zgeev_(const char *jobvl, const char *jobvr, const int *n, ness_complex *a, const int *lda,
            ness_complex *w, ness_complex *vl, const int *ldvl, ness_complex *vr, const int *ldvr,
            ness_complex *work, const int *lwork, double *rwork, int *info, size_t jobvl_length,
            size_t jobvr_length);
void zgees_(const char *jobvs, const char *sort, void *select, const int *n, ness_complex *a,
            const int *lda, int *sdim, ness_complex *w, ness_complex *vs, const int *ldvs,
            ness_complex *work, const int *lwork, double *rwork, int *bwork, int *info,
            size_t jobvs_length, size_t sort_length);
void zgetrf_(const int *m, const int *n, ness_complex *a, const int *lda, int *pivots, int *info);
void zgetri_(const int *n, ness_complex *a, const int *lda, const int *pivots, ness_complex *work,
             const int *lwork, int *info);
void ztrsyl_(const char *trana, const char *tranb, const int *isgn, const int *m, const int *n,
             const ness_complex *a, const int *lda, const ness_complex *b, const int *ldb,
             ness_complex *c, const int *ldc, double *scale, int *info, size_t trana_length,
             size_t tranb_length);
void dgeev_(const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda,
            double *wr, double *wi, double *vl, const int *ldvl, double *vr, const int *ldvr,
            double *work, const int *lwork, int *info, size_t jobvl_length, size_t jobvr_length);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork,
             int *iwork, int *info, size_t jobz_length);
void zgesdd_(const char *jobz, const int *m, const int *n, ness_complex *a, const int *lda,
             double *s, ness_complex *u, const int *ldu, ness_complex *vt, const int *ldvt,
             ness_complex *work, const int *lwork, double *rwork, int *iwork, int *info,
             size_t jobz_length);
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetrs_(const char *trans, const int *n, const int *nrhs, const double *a, const int *lda,
             const int *pivots, double *b, const int *ldb, int *info, size_t trans_length);
void dgecon_(const char *norm, const int *n, const double *a, const int *lda, const double *anorm,
             double *rcond, double *work, int *iwork, int *info, size_t norm_length);

#endif
