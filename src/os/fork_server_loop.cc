#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <string>

#include "os/fork_server_protocol.h"

namespace bulkhead::os {

namespace {

std::chrono::nanoseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// Closes every descriptor from 3 on but these.
void close_all_but(std::vector<int> kept) {
  std::ranges::sort(kept);
  unsigned next = STDERR_FILENO + 1;
  for (const int fd : kept) {
    if (static_cast<unsigned>(fd) > next) {
      ::close_range(next, static_cast<unsigned>(fd) - 1, 0);
    }
    next = static_cast<unsigned>(fd) + 1;
  }
  ::close_range(next, ~0U, 0);
}

/// Also by its own number if it has left its process group.
void signal_with_group(pid_t worker, int signal) {
  ::kill(-worker, signal);
  if (::getpgid(worker) != worker) {
    ::kill(worker, signal);
  }
}

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) {
    ::signal(number, SIG_DFL);  // Refused for SIGKILL and SIGSTOP, which have no other action.
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Nothing can be read from the standard input, and none of the streams is closed: its number would
/// be that of the next descriptor.
void set_standard_streams() {
  const auto null = beyond_standard_streams(UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC)));
  ::dup2(null.get(), STDIN_FILENO);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0) {
      ::dup2(null.get(), stream);
    }
  }
}

/// The server process. Single-threaded and small; it never runs code of a task.
class Server {
 public:
  Server(ControlSocket socket, WorkerMain worker_main)
      : socket_(std::move(socket)), worker_main_(worker_main) {}

  [[noreturn]] void run() {
    // A group of its own: Ctrl-C at the terminal is for the program to interpret.
    ::setpgid(0, 0);
    ::prctl(PR_SET_NAME, "bulkhead-server");
    set_standard_streams();
    reset_signals();
    close_all_but({socket_.fd()});
    program_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0)));
    watch_children();
    while (wait_for_event()) {
      if (!handle_requests()) {
        break;
      }
      reap();
      send_reports();
    }
    kill_all();
    ::_exit(0);
  }

 private:
  void watch_children() {
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child, nullptr);
    child_events_ = UniqueFd(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  bool wait_for_event() {
    const auto room_for_reports = static_cast<short>(unsent_.empty() ? 0 : POLLOUT);
    // A negative descriptor, where the kernel has no pidfd, is passed over.
    std::array<pollfd, 3> watched{
        pollfd{socket_.fd(), static_cast<short>(POLLIN | room_for_reports), 0},
        pollfd{child_events_.get(), POLLIN, 0}, pollfd{program_.get(), POLLIN, 0}};
    while (::poll(watched.data(), watched.size(), -1) < 0) {
      if (errno != EINTR) {
        return false;
      }
    }
    if (watched[2].revents != 0) {
      return false;  // The program is dead, though a child of its own may still hold the socket.
    }
    signalfd_siginfo ignored{};
    while (::read(child_events_.get(), &ignored, sizeof ignored) > 0) {
      // One SIGCHLD may stand for several children: reap() asks for each.
    }
    return true;
  }

  /// False: the program is gone.
  bool handle_requests() {
    for (;;) {
      ForkServerRequest request;
      auto message = socket_.try_receive(std::as_writable_bytes(std::span(&request, 1)));
      if (!message) {
        return false;
      }
      if (!*message) {
        return true;
      }
      if ((*message)->bytes != sizeof request) {
        return false;
      }
      handle(request, std::move((*message)->fds));
    }
  }

  void handle(const ForkServerRequest& request, std::vector<UniqueFd> fds) {
    switch (request.kind) {
      case ForkServerRequest::Kind::Start:
        if (fds.size() == 4) {
          start({request.worker, std::move(fds[0]), std::move(fds[1]), std::move(fds[2]),
                 std::move(fds[3])});
        } else {
          // The kernel drops descriptors that there is no room for.
          report({WorkerReport::Kind::NotStarted, request.worker, 0, EMFILE, {}, 0});
        }
        return;
      case ForkServerRequest::Kind::Terminate:
        signal_worker(request.worker, SIGTERM);
        return;
      case ForkServerRequest::Kind::Kill:
        signal_worker(request.worker, SIGKILL);
        return;
    }
  }

  void signal_worker(std::uint64_t wanted, int signal) {
    for (const auto& [pid, worker] : workers_) {
      if (worker == wanted) {
        signal_with_group(pid, signal);
      }
    }
  }

  void start(WorkerStart start) {
    const std::uint64_t worker = start.worker;
    const pid_t server = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
      report({WorkerReport::Kind::NotStarted, worker, 0, errno, {}, 0});
      return;
    }
    if (pid == 0) {
      become_worker(std::move(start), server);
    }
    ::setpgid(pid, pid);  // Here as well as there: whoever comes first, the group exists.
    workers_[pid] = worker;
    report({WorkerReport::Kind::Started, worker, pid, 0, {}, 0});
  }

  [[noreturn]] void become_worker(WorkerStart start, pid_t server) {
    ::setpgid(0, 0);
    // The server has one thread, so that the signal follows the death of the process (prctl(2)).
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != server) {
      ::_exit(1);  // The server died before the line above.
    }
    ::prctl(PR_SET_NAME, "bulkhead-worker");
    reset_signals();
    socket_.close();
    child_events_.reset();
    program_.reset();
    close_all_but({start.request_memory.get(), start.reply_memory.get(), start.doorbell.get(),
                   start.handover.get()});
    worker_main_(std::move(start));
    ::_exit(0);
  }

  /// Reports every child that has died, after killing what is left of its process group. The group
  /// cannot belong to somebody else yet: its number stays taken until the child is reaped.
  void reap() {
    for (;;) {
      siginfo_t info{};
      if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
        return;
      }
      ::kill(-info.si_pid, SIGKILL);
      rusage usage{};
      int status = 0;
      ::wait4(info.si_pid, &status, 0, &usage);
      const auto worker = workers_.find(info.si_pid);
      if (worker == workers_.end()) {
        continue;
      }
      const bool killed = WIFSIGNALED(status);
      report({killed ? WorkerReport::Kind::Killed : WorkerReport::Kind::Exited, worker->second,
              info.si_pid, killed ? WTERMSIG(status) : WEXITSTATUS(status),
              duration_of(usage.ru_utime) + duration_of(usage.ru_stime),
              static_cast<std::uint64_t>(usage.ru_maxrss) * 1024, killed && WCOREDUMP(status)});
      workers_.erase(worker);
    }
  }

  void report(const WorkerReport& report) {
    unsent_.push_back(report);
    send_reports();
  }

  /// Never waits for the program, which may itself wait until its requests are read.
  void send_reports() {
    while (!unsent_.empty()) {
      const auto sent = socket_.try_send(std::as_bytes(std::span(&unsent_.front(), 1)));
      if (sent && !*sent) {
        return;
      }
      unsent_.pop_front();  // A program that is gone is noticed at the next request.
    }
  }

  void kill_all() {
    for (const auto& [pid, worker] : workers_) {
      signal_with_group(pid, SIGKILL);
    }
    for (const auto& [pid, worker] : workers_) {
      ::waitpid(pid, nullptr, 0);
    }
  }

  ControlSocket socket_;
  WorkerMain worker_main_;
  UniqueFd child_events_;
  UniqueFd program_;  ///< pidfd of the program
  std::map<pid_t, std::uint64_t> workers_;
  std::deque<WorkerReport> unsent_;
};

}  // namespace

// noexcept: below it on the stack lies the program that was forked, and its handlers.
void serve(ControlSocket socket, WorkerMain worker_main) noexcept {
  Server(std::move(socket), worker_main).run();
}

}  // namespace bulkhead::os
