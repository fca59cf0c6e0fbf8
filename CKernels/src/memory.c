#include "ness_fault.h"
#include "ness_internal.h"

#include <stdlib.h>

#ifdef NESS_FAULT_INJECTION
// The one thread-local of the kernels: a countdown shared by concurrent tests would hit the wrong
// one.
static _Thread_local struct {
  int64_t countdown;
  int64_t live;
} fault;

static bool fault_strikes(void) {
  return fault.countdown > 0 && --fault.countdown == 0;
}
static void count_live(int64_t change) {
  fault.live += change;
}
bool ness_fault_set(int64_t countdown) {
  fault.countdown = countdown;
  return true;
}
int64_t ness_fault_live_blocks(void) {
  return fault.live;
}
#else
static inline bool fault_strikes(void) {
  return false;
}
static inline void count_live(int64_t change) {
  (void)change;
}
bool ness_fault_set(int64_t countdown) {
  (void)countdown;
  return false;
}
int64_t ness_fault_live_blocks(void) {
  return 0;
}
#endif

// Bytes for `count` objects, at least one so that null always means failure; zero when out of
// range. PTRDIFF_MAX bounds what pointer differences can express.
static size_t byte_count(int64_t count, size_t size) {
  size_t bytes;
  if (count < 0 || __builtin_mul_overflow((size_t)count, size, &bytes) || bytes > PTRDIFF_MAX) {
    return 0;
  }
  return bytes == 0 ? 1 : bytes;
}

void *ness_alloc(int64_t count, size_t size) {
  return ness_realloc(NULL, count, size);
}

void *ness_calloc(int64_t count, size_t size) {
  const size_t bytes = byte_count(count, size);
  if (bytes == 0 || fault_strikes()) {
    return NULL;
  }
  // calloc, not memset: large zero blocks come from the system without being touched.
  void *block = calloc(bytes, 1);
  if (block != NULL) {
    count_live(1);
  }
  return block;
}

void *ness_realloc(void *block, int64_t count, size_t size) {
  const size_t bytes = byte_count(count, size);
  if (bytes == 0 || fault_strikes()) {
    return NULL;
  }
  void *grown = realloc(block, bytes);
  if (grown != NULL && block == NULL) {
    count_live(1);
  }
  return grown;
}

void ness_free(void *block) {
  if (block != NULL) {
    count_live(-1);
  }
  free(block);
}
