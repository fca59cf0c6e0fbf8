/* Signal sets and terminal sizes are POSIX and BSD, beyond strict C17. */
#define _DEFAULT_SOURCE

#include "ness_files.h"

#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Exported by OpenBLAS, but declared only in a header that Debian's alternatives may hide. */
extern void openblas_set_num_threads(int threads);

void ness_blas_set_threads(int32_t threads) {
  openblas_set_num_threads(threads < 1 ? 1 : threads);
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

void ness_hold_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int32_t ness_next_signal(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  int number = 0;
  return sigwait(&set, &number) == 0 ? number : 0;
}
