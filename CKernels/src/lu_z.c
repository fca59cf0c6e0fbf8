#include "ness_sparse.h"

#define SCALAR ness_complex
#define CSC ness_zcsc
#define NESS(name) ness_zlu##name
#define UMF(name) umfpack_zl_##name
#define PARTS(entries) (const double *)(entries), NULL
#define OUT_PARTS(entries) (double *)(entries), NULL
#define CHECK ness_zcsc_check
#define WORK 4
#define WORK_REFINED 10
#include "lu_template.h"
