#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include <bulkhead/map.h>

#include "executors/task_group.h"

namespace bulkhead::detail {

/// Items of a map that were taken from its input together, and their outcomes.
///
/// The back end writes outcomes, in any order and from one thread at a time; the thread that
/// iterates reads those that are ready.
class TaskBatch final : public TaskGroup {
 public:
  /// `first_index` is the place of the first item in the map's input; `finished` counts the tasks
  /// of the map that are over.
  TaskBatch(std::shared_ptr<const Function> function, TaskOptions options, EncodedItems items,
            std::uint64_t first_index, std::shared_ptr<std::atomic<std::size_t>> finished);

  std::size_t size() const override { return items_.size(); }
  bool is_awaited() const override { return false; }
  EncodedItems::Run arguments(std::size_t first, std::size_t most,
                              std::size_t most_bytes) const override {
    return items_.run_from(first, most, most_bytes);
  }
  void complete(std::size_t task, std::span<const std::byte> value) override;
  void complete_large(std::size_t task, Bytes value) override;
  void fail(std::size_t task, Failure failure) override;

  /// The id that the back end gave to the first task.
  std::uint64_t first_id() const noexcept { return first_id_; }
  void set_first_id(std::uint64_t id) noexcept { first_id_ = id; }
  /// Only in the back end's thread.
  bool is_over(std::size_t task) const noexcept { return outcomes_[task].value != nullptr; }

  /// All tasks before this one are over, and their outcomes may be read.
  std::size_t ready() const noexcept { return ready_.load(std::memory_order_acquire); }
  const EncodedOutcome& outcome(std::size_t task) const noexcept { return outcomes_[task]; }

 private:
  void advance();
  const std::byte* keep(std::span<const std::byte> value);

  const EncodedItems items_;
  const std::uint64_t first_index_;
  std::uint64_t first_id_ = 0;
  const std::unique_ptr<EncodedOutcome[]> outcomes_;
  std::deque<Failure> failures_;                      ///< those that outcomes point to
  std::deque<Bytes> large_values_;                    ///< those that have memory of their own
  std::vector<std::unique_ptr<std::byte[]>> blocks_;  ///< where the values lie
  std::byte* free_ = nullptr;                         ///< in the last block
  std::size_t free_bytes_ = 0;
  const std::shared_ptr<std::atomic<std::size_t>> finished_;
  std::atomic<std::size_t> ready_{0};  ///< stored after the outcomes before it
};

}  // namespace bulkhead::detail
