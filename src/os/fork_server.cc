#include "os/fork_server.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "os/fork_server_protocol.h"

namespace bulkhead::os {

namespace {

Result<void> send_request(const ControlSocket& socket, const ForkServerRequest& request,
                          std::span<const int> fds = {}) {
  return socket.send(std::as_bytes(std::span(&request, 1)), fds);
}

/// Sets up file descriptors of the new process: only the socket, at its fixed place.
class SpawnActions {
 public:
  explicit SpawnActions(int socket) {
    ::posix_spawn_file_actions_init(&actions_);
    // If the socket already has that number, dup2 onto itself makes it inheritable.
    ::posix_spawn_file_actions_adddup2(&actions_, socket, kForkServerSocket);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kForkServerSocket + 1);
  }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

Result<ForkServer> ForkServer::fork(WorkerMain worker_main) {
  auto ends = ControlSocket::create_pair();
  if (!ends) {
    return Unexpected(std::move(ends).error());
  }
  std::fflush(nullptr);  // Else the server and each worker would inherit unwritten output.
  const pid_t pid = ::fork();
  if (pid < 0) {
    return last_error("fork the fork server");
  }
  if (pid == 0) {
    ends->first.close();
    serve(std::move(ends->second), worker_main);
  }
  return ForkServer(std::move(ends->first), pid);
}

Result<ForkServer> ForkServer::spawn() {
  auto ends = ControlSocket::create_pair();
  if (!ends) {
    return Unexpected(std::move(ends).error());
  }
  const SpawnActions actions(ends->second.fd());
  std::string name = program_invocation_name;
  std::string argument = kForkServerArgument;
  const std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
  pid_t pid = 0;
  const int refused =
      ::posix_spawn(&pid, "/proc/self/exe", actions.get(), nullptr, arguments.data(), ::environ);
  if (refused != 0) {
    return Unexpected(SystemError{refused, "execute /proc/self/exe as fork server"});
  }
  return ForkServer(std::move(ends->first), pid);
}

ForkServer::~ForkServer() {
  if (socket_.fd() < 0) {
    return;  // moved from
  }
  // Also for a child of the program that has inherited this end.
  ::shutdown(socket_.fd(), SHUT_RDWR);
  socket_.close();  // The server sees the end of its input, kills its workers, reaps them, exits.
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<void> ForkServer::start_worker(const WorkerRequest& request) {
  const std::array fds{request.request_memory, request.reply_memory, request.doorbell,
                       request.handover};
  return send_request(socket_, {ForkServerRequest::Kind::Start, request.worker}, fds);
}

Result<void> ForkServer::terminate_worker(std::uint64_t worker) {
  return send_request(socket_, {ForkServerRequest::Kind::Terminate, worker});
}

Result<void> ForkServer::kill_worker(std::uint64_t worker) {
  return send_request(socket_, {ForkServerRequest::Kind::Kill, worker});
}

Result<std::optional<WorkerReport>> ForkServer::next_report() {
  WorkerReport report;
  auto message = socket_.try_receive(std::as_writable_bytes(std::span(&report, 1)));
  if (!message) {
    return Unexpected(std::move(message).error());
  }
  if (!*message) {
    return std::optional<WorkerReport>();
  }
  if ((*message)->bytes != sizeof report) {
    return Unexpected(SystemError{ECONNRESET, "the fork server is gone"});
  }
  return std::optional(report);
}

void serve_if_fork_server(int argc, char** argv, WorkerMain worker_main) {
  if (argc != 2 || std::strcmp(argv[1], kForkServerArgument) != 0) {
    return;
  }
  serve(ControlSocket(UniqueFd(kForkServerSocket)), worker_main);
}

}  // namespace bulkhead::os
