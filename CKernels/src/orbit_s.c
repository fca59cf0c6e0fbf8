#define SCALAR float
#define LANES 16
#define NESS(name) ness_sorbit##name
#define PATTERN pattern_s
#include "orbit_application_template.h"
#include "orbit_vectors_template.h"
