#include "ness_sparse.h"

#define SCALAR double
#define CSC ness_dcsc
#define NESS(name) ness_dlu##name
#define UMF(name) umfpack_dl_##name
#define PARTS(entries) (entries)
#define OUT_PARTS(entries) (entries)
#define CHECK ness_dcsc_check
#define WORK 1
#define WORK_REFINED 5
#include "lu_template.h"
