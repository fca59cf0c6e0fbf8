// What all kernels share and no caller sees: allocation, overflow checks, vector clones.
#ifndef NESS_INTERNAL_H
#define NESS_INTERNAL_H

#include "ness_base.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// The resolver that clones need runs before the sanitizer is ready, and crashes.
#define NESS_NO_CLONES 1
#endif
#endif

// A function so marked is compiled for three vector widths, and the loader picks one by processor.
#if defined(__x86_64__) && defined(__linux__) && !defined(NESS_NO_CLONES)
#define NESS_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define NESS_CLONES
#endif

NESS_BEGIN_DECLS

// Uninitialized storage for `count` objects of `size` bytes; null when the product overflows,
// `count` is negative, memory is exhausted or a fault is injected. A count of zero yields a valid
// pointer.
void *NESS_NULLABLE ness_alloc(int64_t count, size_t size);

// The same, filled with zero bytes.
void *NESS_NULLABLE ness_calloc(int64_t count, size_t size);

// Grown or shrunk storage; on failure null, and `block` stays valid and owned by the caller.
void *NESS_NULLABLE ness_realloc(void *NESS_NULLABLE block, int64_t count, size_t size);

void ness_free(void *NESS_NULLABLE block);

// c = a b for non-negative a and b; false when the product does not fit.
static inline bool ness_product(int64_t a, int64_t b, int64_t *c) {
  return a >= 0 && b >= 0 && !__builtin_mul_overflow(a, b, c);
}

// SplitMix64 (Steele, Lea & Flood 2014): a counter that grows by the increment, scrambled.
#define NESS_SPLITMIX_INCREMENT 0x9E3779B97F4A7C15ULL

static inline uint64_t ness_splitmix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

NESS_END_DECLS

#endif
