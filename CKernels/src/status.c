#include "ness_base.h"

_Static_assert(sizeof(ness_complex) == 2 * sizeof(double), "complex numbers are interleaved");

const char *ness_status_message(ness_status status) {
  switch (status) {
#define X(name, value, swift, text)                                                                \
  case name:                                                                                       \
    return text;
    NESS_STATUS_LIST(X)
#undef X
  }
  return "unknown status";
}
