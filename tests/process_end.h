#pragma once

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace bulkhead {

/// Waits until the process that the descriptor stands for (pidfd_open(2)) is gone, at most a
/// minute; true: it is.
inline bool ends_behind(int pidfd) {
  pollfd watched{pidfd, POLLIN, 0};
  return ::poll(&watched, 1, 60'000) == 1;
}

/// The same of a process of this number, which may be gone already.
inline bool ends(int pid) {
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    return errno == ESRCH;
  }
  const bool has_ended = ends_behind(pidfd);
  ::close(pidfd);
  return has_ended;
}

}  // namespace bulkhead
