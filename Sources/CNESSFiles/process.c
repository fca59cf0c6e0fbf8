/* Signal sets and terminal sizes are POSIX and BSD, beyond strict C17. */
#define _DEFAULT_SOURCE

#include "ness_files.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Exported by OpenBLAS, but declared only in a header that Debian's alternatives may hide. */
extern void openblas_set_num_threads(int threads);

void ness_blas_set_threads(int32_t threads) {
  openblas_set_num_threads(threads < 1 ? 1 : threads);
}

void ness_keep_freed_memory(void) {
#ifdef __GLIBC__
  /* The largest threshold that glibc takes; both have to be set, as setting one stops the other
     from following. */
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

int32_t ness_terminal_columns(int32_t descriptor) {
  if (!isatty(descriptor)) {
    return 0;
  }
  struct winsize size = {0};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return -1;
  }
  return size.ws_col;
}

/* A signal handler can reach nothing but a static object. Blocking the signals and waiting for them
   instead would need no such object, but the dispatch library unblocks them on the main thread. */
static int signal_pipe[2] = {-1, -1};

static void pass_on(int number) {
  const int before = errno;
  const unsigned char byte = (unsigned char)number;
  /* A full pipe holds signals enough. */
  const ssize_t written = write(signal_pipe[1], &byte, 1);
  (void)written;
  errno = before;
}

bool ness_hold_signals(void) {
  if (pipe(signal_pipe) != 0) {
    return false;
  }
  struct sigaction action = {0};
  action.sa_handler = pass_on;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (int end = 0; end < 2; end++) {
    if (fcntl(signal_pipe[end], F_SETFD, FD_CLOEXEC) != 0) {
      return false;
    }
  }
  return fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK) == 0 && sigaction(SIGINT, &action, NULL) == 0 &&
         sigaction(SIGTERM, &action, NULL) == 0;
}

int32_t ness_next_signal(void) {
  unsigned char byte = 0;
  ssize_t count;
  do {
    count = read(signal_pipe[0], &byte, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1 ? byte : 0;
}
