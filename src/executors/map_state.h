#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include <bulkhead/map.h>
#include <bulkhead/options.h>

#include "executors/backend.h"

namespace bulkhead::detail {

/// A running map: takes items from the input as far ahead as the back end wants, and delivers the
/// outcomes in their order or as they come. One thread calls start() and next(); any may call
/// cancel().
class MapState {
 public:
  MapState(std::shared_ptr<Backend> backend, std::shared_ptr<const Function> function,
           std::unique_ptr<MapInput> input, MapOptions options);

  /// Hands in the first items. Throws ShutdownError.
  void start();

  /// What was handed out to be read.
  OutcomeRun& current() noexcept { return current_; }

  /// Waits for outcomes to follow those in current(), all of which were read. False: the input has
  /// ended. Throws what the input threw, when all items before that are delivered, and
  /// TimeoutError.
  bool next();

  void cancel();

  /// In any thread.
  MapProgress progress() const;

 private:
  using Clock = std::chrono::steady_clock;

  /// Cancels, and stops what is running; in any thread.
  void stop();

  /// What was handed in, and how much of it was handed out.
  struct Pending {
    std::shared_ptr<TaskBatch> batch;
    std::size_t handed_out = 0;

    bool is_readable() const { return batch->ready() > handed_out; }
    bool is_read() const { return handed_out == batch->size(); }
  };

  void refill();
  void submit(EncodedItems items);
  /// What was handed in and not delivered, the last first: what is cancelled first cannot be
  /// started while the others are.
  std::vector<std::shared_ptr<TaskBatch>> take_no_more();
  bool is_hungry() const;
  bool is_over_time() const;
  std::size_t unfinished() const;
  std::size_t finished() const;
  /// Bytes that may be added to the window.
  std::size_t room_in_bytes() const;
  /// What the value of an item takes, as far as one knows.
  std::size_t mean_value_bytes() const;
  /// So many items, or a few less, that the last chunk is not a small one.
  std::size_t whole_chunks(std::size_t count) const;
  EncodedItems take_items(std::size_t count, std::size_t bytes);
  void wait_for_more();
  /// Something that waits to be read.
  Pending* readable();
  /// More would come only at the price of a wait, or there is work to hand in.
  bool has_enough() const;
  /// Outcomes that are handed out at once, at most.
  std::size_t run_limit() const;
  void hand_out(Pending& pending);
  void forget_read();
  [[noreturn]] void give_up();
  /// The last outcome was delivered.
  void note_end();

  const std::shared_ptr<Backend> backend_;
  const std::shared_ptr<const Function> function_;
  const std::unique_ptr<MapInput> input_;
  const MapOptions options_;
  const std::shared_ptr<const std::uint64_t> cohort_;  ///< null: of items without relative_timeout
  const Clock::time_point start_ = Clock::now();
  const Deadline deadline_;

  std::mutex mutex_;             ///< between next() and cancel()
  std::deque<Pending> pending_;  ///< not delivered; changed with mutex_, by the iterating thread
  bool cancelled_ = false;       ///< guarded by mutex_
  bool stopped_ = false;         ///< guarded by mutex_

  // For whoever asks for the progress; written by the iterating thread, but for input_ended_.
  std::atomic<std::uint64_t> taken_{0};  ///< items, added before they are handed in
  std::atomic<bool> input_ended_{false};
  std::atomic<Clock::time_point> end_{Clock::time_point()};  ///< the epoch: not yet

  // Of the iterating thread alone, but for the counters.
  std::exception_ptr input_failure_;
  OutcomeRun current_;
  bool last_read_ = false;      ///< nothing of the batch in current_ is left
  std::size_t in_current_ = 0;  ///< outcomes that current_ had at first; not delivered yet
  std::uint64_t submitted_ = 0;
  std::uint64_t delivered_ = 0;
  std::size_t low_water_ = 0;  ///< with fewer unfinished items than this it is time to hand in more
  std::size_t argument_bytes_ = 0;  ///< of all items so far
  std::size_t read_bytes_ = 0;      ///< arguments and values of batches that were read as a whole
  const std::shared_ptr<MapCounters> counters_ = std::make_shared<MapCounters>();
  /// Last, so that it goes first: what it calls needs the others.
  std::optional<std::stop_callback<std::function<void()>>> obeying_;
};

}  // namespace bulkhead::detail
