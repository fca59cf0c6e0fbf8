/* What the executables need from C: HDF5 files, the thread count of BLAS, and the width of a
   terminal. The library NESSKit neither contains nor needs any of it. */
#ifndef NESS_FILES_H
#define NESS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__clang__)
#pragma clang assume_nonnull begin
#define NESS_FILES_NULLABLE _Nullable
#define NESS_FILES_NONNULL _Nonnull
#else
#define NESS_FILES_NULLABLE
#define NESS_FILES_NONNULL
#endif

/* An HDF5 file that is built in memory. Not thread-safe; neither is the serial HDF5 library, so one
   thread of a process at a time may use any of these handles. */
typedef struct ness_h5 ness_h5;

/* All functions below return false when HDF5 refuses or memory is exhausted. Text is UTF-8, ends
   with NUL, and is copied. Paths are absolute, for instance "/rows". */

/* Starts an empty file; null on failure. */
ness_h5 *NESS_FILES_NULLABLE ness_h5_create(void);

/* Closes and releases; null is fine. */
void ness_h5_destroy(ness_h5 *NESS_FILES_NULLABLE file);

/* Creates a group; its parent must exist. */
bool ness_h5_group(ness_h5 *file, const char *path);

/* Attributes of the object at `path`: scalars and one-dimensional arrays of `count` entries.
   Empty arrays are allowed. */
bool ness_h5_put_text(ness_h5 *file, const char *path, const char *name, const char *value);
bool ness_h5_put_integer(ness_h5 *file, const char *path, const char *name, int64_t value);
bool ness_h5_put_real(ness_h5 *file, const char *path, const char *name, double value);
bool ness_h5_put_texts(ness_h5 *file, const char *path, const char *name, size_t count,
                       const char *const NESS_FILES_NULLABLE *NESS_FILES_NONNULL values);
bool ness_h5_put_reals(ness_h5 *file, const char *path, const char *name, size_t count,
                       const double *values);
bool ness_h5_put_integers(ness_h5 *file, const char *path, const char *name, size_t count,
                          const int64_t *values);

/* Datasets. The matrix is row-major, `rows` by `columns`. */
bool ness_h5_add_matrix(ness_h5 *file, const char *path, size_t rows, size_t columns,
                        const double *values);
bool ness_h5_add_reals(ness_h5 *file, const char *path, size_t count, const double *values);
bool ness_h5_add_integers(ness_h5 *file, const char *path, size_t count, const int64_t *values);
bool ness_h5_add_texts(ness_h5 *file, const char *path, size_t count,
                       const char *const NESS_FILES_NULLABLE *NESS_FILES_NONNULL values);

/* The file as bytes. `*size` first receives the number of bytes; when `bytes` is not null and
   `capacity` suffices they are written there. Call with null to learn the size. */
bool ness_h5_image(ness_h5 *file, void *NESS_FILES_NULLABLE bytes, size_t capacity, size_t *size);

/* Sets the threads of OpenBLAS for the whole process; at least 1. */
void ness_blas_set_threads(int32_t threads);

/* Lets the process keep freed memory of up to some ten megabytes instead of giving it back to the
   system after every small solve, which then clears it again for the next: a fifth of the time of
   points of a millisecond. Call once, before other threads start. No effect but with glibc. */
void ness_keep_freed_memory(void);

/* Columns of the terminal behind the file descriptor; 0 when it is not a terminal, -1 when the
   terminal does not tell. */
int32_t ness_terminal_columns(int32_t descriptor);

/* Keeps SIGINT and SIGTERM for ness_next_signal, for the rest of the process; call once. False when
   the system refuses: the signals then end the process as usual. */
bool ness_hold_signals(void);

/* Waits for SIGINT or SIGTERM and returns its number; 0 on failure. Call after ness_hold_signals.
 */
int32_t ness_next_signal(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#ifdef __cplusplus
}
#endif
#endif
