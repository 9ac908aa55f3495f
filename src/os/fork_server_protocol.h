#pragma once

#include <cstdint>
#include <span>

#include "os/fork_server.h"

/// What the program and its fork server say to each other, one message a packet. Both are the same
/// program and trust each other, so a message is the bytes of a struct.
namespace bulkhead::os {

inline constexpr int kForkServerSocket = 3;  ///< of a server that was executed anew
inline constexpr const char* kForkServerArgument = "--bulkhead-fork-server";

struct ForkServerRequest {
  enum class Kind : std::uint8_t {
    Start,  ///< with four descriptors: request memory, reply memory, doorbell, handover
    Terminate,
    Kill
  };
  Kind kind = Kind::Start;
  std::uint64_t worker = 0;
};

/// Serves requests until the other end of the socket is closed, then kills all workers and exits.
[[noreturn]] void serve(ControlSocket socket, WorkerMain worker_main) noexcept;

}  // namespace bulkhead::os
