#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "os/system_error.h"
#include "os/unique_fd.h"

namespace bulkhead::os {

/// Waits for several descriptors and one alarm at once (epoll(7), timerfd_create(2)).
///
/// Several threads may wait; each event is given to one of them, to the one that began to wait last
/// (the kernel wakes exclusive waiters last in, first out). Descriptors are watched edge-triggered:
/// an event is told once, so its receiver must exhaust what it announces.
class Poller {
 public:
  using Tag = std::uint64_t;
  static constexpr Tag kAlarm = ~Tag{0};  ///< reported when the alarm is due

  static Result<Poller> create();

  /// Reports `tag` whenever something new can be read from `fd`. Closing the fd ends it.
  Result<void> watch(int fd, Tag tag) const;

  /// Sets the one alarm; nullopt: off.
  void set_alarm(std::optional<std::chrono::steady_clock::time_point> when) const;

  /// Sleeps until something happened or `deadline`; gives the tags, none at the deadline.
  std::vector<Tag> wait(std::optional<std::chrono::steady_clock::time_point> deadline) const;

 private:
  Poller(UniqueFd epoll, UniqueFd timer) : epoll_(std::move(epoll)), timer_(std::move(timer)) {}

  UniqueFd epoll_;
  UniqueFd timer_;
};

}  // namespace bulkhead::os
