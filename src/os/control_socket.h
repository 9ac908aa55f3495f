#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "os/system_error.h"
#include "os/unique_fd.h"

namespace bulkhead::os {

/// One end of a socket that carries whole messages and file descriptors between two processes that
/// trust each other (unix(7), SOCK_SEQPACKET).
class ControlSocket {
 public:
  struct Message {
    std::size_t bytes = 0;  ///< 0: the other end is closed
    std::vector<UniqueFd> fds;
  };

  explicit ControlSocket(UniqueFd fd) : fd_(std::move(fd)) {}

  static Result<std::pair<ControlSocket, ControlSocket>> create_pair();

  /// Sends one message with up to 4 descriptors. Blocks while the other end does not read.
  Result<void> send(std::span<const std::byte> message, std::span<const int> fds = {}) const;

  /// Sends one message if that does not block; false: the other end has too much to read already.
  Result<bool> try_send(std::span<const std::byte> message, std::span<const int> fds = {}) const;

  /// Receives one message of at most `into.size()` bytes; nullopt: there is none.
  Result<std::optional<Message>> try_receive(std::span<std::byte> into) const;

  int fd() const noexcept { return fd_.get(); }
  void close() noexcept { fd_.reset(); }

 private:
  /// -1 and errno, as sendmsg(2).
  ssize_t send_message(std::span<const std::byte> message, std::span<const int> fds,
                       int flags) const;

  UniqueFd fd_;
};

}  // namespace bulkhead::os
