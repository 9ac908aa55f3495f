#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "os/fork_server.h"

namespace bulkhead::os::test {

/// How long a wait may take before the test fails: far more than any machine needs.
inline constexpr int kPatienceMs = 60'000;

inline bool await_readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&watched, 1, kPatienceMs);
  } while (ready < 0 && errno == EINTR);
  return ready == 1;
}

/// Watches a process that may be nobody's child here. Made while the process lives.
class Death {
 public:
  explicit Death(pid_t pid) : fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
    EXPECT_TRUE(fd_) << "process " << pid << " is gone already";
  }
  bool await() const { return await_readable(fd_.get()); }
  bool has_come() const {
    pollfd watched{fd_.get(), POLLIN, 0};
    return ::poll(&watched, 1, 0) == 1;
  }

 private:
  UniqueFd fd_;
};

/// A pipe through which worker processes tell a test about themselves.
class Wire {
 public:
  Wire() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    read_ = UniqueFd(ends[0]);
    write_ = UniqueFd(ends[1]);
  }
  int write_end() const { return write_.get(); }

  /// The next line that was sent; empty: none came.
  std::string line() {
    std::string text;
    char next = 0;
    while (await_readable(read_.get()) && ::read(read_.get(), &next, 1) == 1 && next != '\n') {
      text += next;
    }
    return text;
  }
  /// Waits until no process but this one can send anything more; false: it takes too long.
  bool ends() {
    write_.reset();
    char ignored = 0;
    while (await_readable(read_.get())) {
      if (::read(read_.get(), &ignored, 1) == 0) {
        return true;
      }
    }
    return false;
  }
  int number() {
    const std::string text = line();
    return text.empty() ? -1 : std::stoi(text);
  }

 private:
  UniqueFd read_;
  UniqueFd write_;
};

/// What a worker says: one line into the wire, which it has as its reply memory.
inline void say(const WorkerStart& start, const std::string& text) {
  const std::string line = text + '\n';
  [[maybe_unused]] const auto written = ::write(start.reply_memory.get(), line.data(), line.size());
}

/// Asks for a worker that can speak into the wire.
inline Result<void> start_worker(ForkServer& server, std::uint64_t worker, const Wire& wire) {
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return server.start_worker({worker, null.get(), wire.write_end(), null.get(), null.get()});
}

/// Waits for the next report.
inline WorkerReport await_report(ForkServer& server) {
  for (;;) {
    auto report = server.next_report();
    if (!report) {
      ADD_FAILURE() << report.error().message();
      return {};
    }
    if (*report) {
      return **report;
    }
    if (!await_readable(server.fd())) {
      ADD_FAILURE() << "no report came";
      return {};
    }
  }
}

/// The life of a worker that waits to be killed.
[[noreturn]] inline void wait_for_ever(WorkerStart start) {
  say(start, std::to_string(::getpid()));
  for (;;) {
    ::pause();
  }
}

}  // namespace bulkhead::os::test
