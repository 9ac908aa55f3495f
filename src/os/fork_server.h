#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/control_socket.h"
#include "os/system_error.h"
#include "os/unique_fd.h"

namespace bulkhead::os {

/// What a new worker process is given; the descriptors are its own.
struct WorkerStart {
  std::uint64_t worker = 0;
  UniqueFd request_memory;  ///< mapped for reading only
  UniqueFd reply_memory;
  UniqueFd doorbell;
  UniqueFd handover;  ///< socket from which more descriptors are received
};

/// The same as seen by the program, which keeps the descriptors.
struct WorkerRequest {
  std::uint64_t worker = 0;
  int request_memory = -1;
  int reply_memory = -1;
  int doorbell = -1;
  int handover = -1;
};

/// The life of a worker process. It ends with the process, not by returning.
using WorkerMain = void (*)(WorkerStart start);

/// What became of a worker process.
struct WorkerReport {
  enum class Kind : std::uint8_t {
    Started,
    NotStarted,  ///< fork failed; `status` is the errno
    Exited,      ///< by itself; `status` is its exit status
    Killed       ///< by a signal; `status` is its number
  };
  Kind kind = Kind::Started;
  std::uint64_t worker = 0;
  pid_t pid = 0;
  int status = 0;
  std::chrono::nanoseconds cpu_time{0};  ///< user and system, at its end
  std::uint64_t max_rss_bytes = 0;       ///< at its end
  bool core_dumped = false;
};

/// The parent's hold on its fork server: a single-threaded process that is the only parent and the
/// only reaper of all workers, so that starting a worker is safe in a program with threads, and no
/// SIGCHLD and no wait() of the program ever meets a worker.
///
/// The server and all workers are killed when this object or its process ends.
/// Not thread-safe.
class ForkServer {
 public:
  /// A fork of this process. It must have no other threads than the library's.
  static Result<ForkServer> fork(WorkerMain worker_main);
  /// This program executed anew with `--bulkhead-fork-server`; its main must call
  /// serve_if_fork_server() first.
  static Result<ForkServer> spawn();

  ForkServer(ForkServer&&) noexcept = default;
  ForkServer& operator=(ForkServer&&) = delete;
  ~ForkServer();

  /// Asks for a worker; a report says what came of it.
  Result<void> start_worker(const WorkerRequest& request);
  /// Sends SIGTERM to the worker's process group, if it is still there.
  Result<void> terminate_worker(std::uint64_t worker);
  /// Kills the worker's process group, if it is still there.
  Result<void> kill_worker(std::uint64_t worker);

  /// The next report that has arrived; nullopt: none at the moment. An error: the server is gone,
  /// and with it all its workers (the kernel kills them).
  Result<std::optional<WorkerReport>> next_report();

  /// Becomes readable when there are reports or the server is gone.
  int fd() const noexcept { return socket_.fd(); }
  pid_t pid() const noexcept { return pid_; }

 private:
  ForkServer(ControlSocket socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}

  ControlSocket socket_;
  pid_t pid_;
};

/// In a process that ForkServer::spawn() started: serves, and never returns. In any other: nothing.
void serve_if_fork_server(int argc, char** argv, WorkerMain worker_main);

}  // namespace bulkhead::os
