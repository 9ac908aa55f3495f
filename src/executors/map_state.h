#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>

#include <bulkhead/map.h>
#include <bulkhead/options.h>

#include "executors/backend.h"

namespace bulkhead::detail {

/// A running map: takes items from the input as far ahead as the back end wants, and delivers the
/// outcomes in their order. One thread calls start() and next(); any may call cancel().
class MapState {
 public:
  MapState(std::shared_ptr<Backend> backend, std::shared_ptr<const Function> function,
           std::unique_ptr<MapInput> input, MapOptions options);

  /// Hands in the first items. Throws ShutdownError.
  void start() { refill(); }

  /// What was handed out to be read.
  OutcomeRun& current() noexcept { return current_; }

  /// Waits for outcomes to follow those in current(), all of which were read. False: the input has
  /// ended. Throws what the input threw, when all items before that are delivered.
  bool next();

  void cancel();

 private:
  void refill();
  void submit(EncodedItems items);
  bool is_hungry() const;
  std::size_t unfinished() const;
  EncodedItems take_items(std::size_t count);
  std::shared_ptr<TaskBatch> front_batch();
  /// Outcomes that are handed out at once, at most.
  std::size_t run_limit() const;
  void hand_out(const TaskBatch& batch);

  const std::shared_ptr<Backend> backend_;
  const std::shared_ptr<const Function> function_;
  const std::unique_ptr<MapInput> input_;
  const MapOptions options_;

  std::mutex mutex_;                                ///< between next() and cancel()
  std::deque<std::shared_ptr<TaskBatch>> pending_;  ///< not delivered; guarded by mutex_
  bool cancelled_ = false;                          ///< guarded by mutex_

  // Of the iterating thread alone, but for the counter.
  std::atomic<bool> input_ended_{false};
  std::exception_ptr input_failure_;
  OutcomeRun current_;
  std::size_t handed_out_ = 0;  ///< tasks of the first pending batch, to current_ and before
  std::size_t in_current_ = 0;  ///< outcomes that current_ had at first; not delivered yet
  std::uint64_t submitted_ = 0;
  std::uint64_t delivered_ = 0;
  std::size_t low_water_ = 0;  ///< with fewer unfinished items than this it is time to hand in more
  const std::shared_ptr<std::atomic<std::size_t>> finished_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace bulkhead::detail
