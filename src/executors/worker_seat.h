#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <bulkhead/process_pool_executor.h>

#include "executors/task_group.h"
#include "transport/program_end.h"

namespace bulkhead::executors {

/// What the program holds of one worker process: its channel, and what it was sent and has
/// reported.
class WorkerSeat {
 public:
  explicit WorkerSeat(std::unique_ptr<transport::ProgramEnd> channel)
      : channel_(std::move(channel)) {}

  transport::ProgramEnd& channel() noexcept { return *channel_; }
  const transport::ProgramEnd& channel() const noexcept { return *channel_; }

  /// Sends calls of so many tasks of a group, the function before them if the worker does not know
  /// it yet.
  void send_calls(const std::shared_ptr<detail::TaskGroup>& group, std::size_t first,
                  std::size_t count);
  /// The first that a worker is sent; see encode_setup.
  void send_setup(Bytes setup);
  void send_stop();
  /// Tells the worker to drop a function, if it knows it.
  void forget(std::uint64_t function);
  /// Tells the worker to drop the shared values that are gone here; true: there are some.
  bool forget_shared();

  /// Bans calls [first, end) that are not over; see ProgramEnd::ban.
  std::optional<std::uint64_t> ban(std::uint64_t first, std::uint64_t end);
  /// So many calls from this one on are over: bans on them, if there are any, are lifted.
  void close_calls(std::uint64_t first, std::uint64_t count);

  /// It is to be gone after so long, or sooner if that was said before; see leave_by.
  void must_leave_within(std::chrono::nanoseconds limit);

  /// Mean run time of the calls that were measured since the last time this was asked; 0: none.
  std::chrono::nanoseconds mean_run_time();

  WorkerStats stats(bool alive) const;

  /// Whether its replies are read: not before the fork server has said which process it is, so that
  /// every outcome can tell; and not after it broke the protocol.
  bool is_heard() const noexcept { return is_introduced && !has_lied; }

  int pid = 0;                 ///< 0: not known yet
  bool is_introduced = false;  ///< its pid is known, or never will be
  std::uint64_t finished_tasks = 0;
  std::optional<std::chrono::steady_clock::time_point> leave_by{};  ///< then it is killed
  bool has_lied = false;               ///< it broke the protocol, and waits to be killed
  std::string killed_for{};            ///< why the pool ended it by a signal; empty: it has not
  std::uint64_t oom_kills_before = 0;  ///< OomWatch::kills_so_far() at its start
  unsigned index = 0;                  ///< its place among the workers
  bool is_ready = false;               ///< it has said so
  bool is_leaving = false;             ///< it has said so
  std::string trouble{};               ///< what it said went wrong

 private:
  void define(const detail::Function& function);
  /// Tells of which item of a map the next call is, if the worker does not expect that.
  void tell_item(std::optional<std::uint64_t> position, std::size_t calls);
  void tell_name(const std::shared_ptr<detail::TaskGroup>& group);
  void share(const std::vector<detail::SharedReference>& memories);

  std::unique_ptr<transport::ProgramEnd> channel_;
  std::unordered_set<std::uint64_t> known_functions_;
  std::chrono::nanoseconds known_limit_{0};
  std::string known_name_;           ///< of the tasks that it was told of last
  std::uint64_t expected_item_ = 0;  ///< of the next call, as the worker counts on; see Frame
  std::unordered_map<std::uint64_t, std::weak_ptr<const detail::SharedMemory>> known_shared_;
  std::uint64_t open_calls_ = 0;  ///< the first call that is not over
  std::uint64_t bans_end_ = 0;    ///< no ban at or behind this call
  std::uint64_t seen_busy_ns_ = 0;
  std::uint64_t seen_calls_ = 0;
};

}  // namespace bulkhead::executors
