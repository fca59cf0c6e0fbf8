/// Large aligned memory.
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 // madvise
#endif
#include "ness_internal.h"
#include "ness_orbit.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

// Vectors are read in tiles far apart, which costs a page table entry each: huge pages (2 MB) help.
enum { ALIGNMENT = 64, HUGE_PAGE = 1 << 21 };

ness_status ness_buffer_create(int64_t bytes, void **out) {
  *out = NULL;
  const bool large = bytes >= 2 * HUGE_PAGE;
  const int64_t alignment = large ? HUGE_PAGE : ALIGNMENT;
  if (bytes < 0 || bytes > INT64_MAX - 2 * HUGE_PAGE) {
    return NESS_ERR_ARGUMENT;
  }
  char *const block = ness_calloc(bytes + alignment + (int64_t)sizeof(void *), 1);
  if (!block) {
    return NESS_ERR_MEMORY;
  }
  const uintptr_t start = (uintptr_t)block + sizeof(void *);
  char *const aligned =
      block + sizeof(void *) +
      ((uintptr_t)alignment - start % (uintptr_t)alignment) % (uintptr_t)alignment;
  ((void **)(void *)aligned)[-1] = block; // what destroy releases
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (large) {
    // A hint: where it is refused nothing is lost but time.
    (void)madvise(aligned, (size_t)bytes / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
  }
#endif
  *out = aligned;
  return NESS_OK;
}

void ness_buffer_destroy(void *buffer) {
  if (buffer) {
    ness_free(((void **)buffer)[-1]);
  }
}
