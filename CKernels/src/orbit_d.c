#define SCALAR double
#define LANES 8
#define NESS(name) ness_dorbit##name
#define PATTERN pattern_d
#include "orbit_application_template.h"
#include "orbit_vectors_template.h"
