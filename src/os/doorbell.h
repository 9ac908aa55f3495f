#pragma once

#include "os/system_error.h"
#include "os/unique_fd.h"

namespace bulkhead::os {

/// Wakes whoever polls for it: an eventfd that is rung and never read, for edge-triggered polling.
class Doorbell {
 public:
  static Result<Doorbell> create();
  explicit Doorbell(UniqueFd fd) : fd_(std::move(fd)) {}

  /// Never blocks. Safe in any thread and in a signal handler. False: it is no doorbell any more,
  /// because somebody closed its descriptor.
  bool ring() const noexcept;
  int fd() const noexcept { return fd_.get(); }

 private:
  UniqueFd fd_;
};

}  // namespace bulkhead::os
