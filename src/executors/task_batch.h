#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <bulkhead/map.h>

#include "executors/task_group.h"

namespace bulkhead::detail {

/// What the back end tells of a map as a whole; it writes from one thread at a time.
struct MapCounters {
  std::atomic<std::size_t> finished{0};     ///< tasks that are over
  std::atomic<std::size_t> failed{0};       ///< those that have no value, counted before
  std::atomic<std::size_t> value_bytes{0};  ///< of their values
};

/// Items of a map that were taken from its input together, and their outcomes.
///
/// The back end writes outcomes, in any order and from one thread at a time; the thread that
/// iterates reads those that are ready.
class TaskBatch final : public TaskGroup {
 public:
  /// `first_index` is the place of the first item in the map's input. Unless the map is ordered,
  /// outcomes are ready as they come.
  TaskBatch(std::shared_ptr<const Function> function, const MapOptions& options, EncodedItems items,
            std::uint64_t first_index, std::shared_ptr<MapCounters> counters);

  std::size_t size() const override { return items_.size(); }
  std::optional<std::uint64_t> index_of(std::size_t task) const override {
    return items_of(task).first;
  }
  bool is_awaited() const override { return false; }
  std::size_t chunk_size() const override { return chunk_size_; }
  std::uint64_t cohort() const override { return cohort_ ? *cohort_ : 0; }
  EncodedItems::Run arguments(std::size_t first, std::size_t most,
                              std::size_t most_bytes) const override {
    return items_.run_from(first, most, most_bytes);
  }
  void complete(std::size_t first, const transport::PayloadRun& values, int worker) override;
  void complete_large(std::size_t task, Bytes value, int worker) override;

  /// The id that the back end gave to the first task.
  std::uint64_t first_id() const noexcept { return first_id_; }
  void set_first_id(std::uint64_t id) noexcept { first_id_ = id; }
  /// Before the batch is handed in: that of its map.
  void set_cohort(std::shared_ptr<const std::uint64_t> cohort) { cohort_ = std::move(cohort); }
  /// So many outcomes may be read.
  std::size_t ready() const noexcept { return ready_.load(std::memory_order_acquire); }
  /// Those from `first` to `end`, which are ready, to be read.
  OutcomeRun outcomes(std::size_t first, std::size_t end) const;
  /// Each of its tasks is of several items of the input.
  bool is_of_groups() const noexcept { return !items_.groups().empty(); }
  /// The encoded item at this position of the input, which is one of these. Not of groups.
  std::span<const std::byte> item_at(std::uint64_t index) const;
  /// What the arguments and the outcomes that are ready take.
  std::size_t bytes() const;

 private:
  bool is_over(std::size_t task) const noexcept { return outcomes_[task].value != nullptr; }
  void on_failed(std::size_t task, Failure failure) override;
  /// The items of the input that a task is for.
  ItemRange items_of(std::size_t task) const;
  /// So many tasks from `first` on are over, with values of equal size.
  void advance(std::size_t first, std::size_t count);
  /// Copies the first of the values, as many as it says.
  transport::PayloadRun keep(const transport::PayloadRun& values);

  /// Outcomes in the order in which they came, and the positions of their items.
  struct Arrivals {
    explicit Arrivals(std::size_t size)
        : outcomes(std::make_unique<EncodedOutcome[]>(size)),
          indices(std::make_unique<std::uint64_t[]>(size)) {}
    const std::unique_ptr<EncodedOutcome[]> outcomes;
    const std::unique_ptr<std::uint64_t[]> indices;
  };

  const std::size_t chunk_size_;
  const EncodedItems items_;
  const std::uint64_t first_index_;
  std::uint64_t first_id_ = 0;
  std::shared_ptr<const std::uint64_t> cohort_;
  const std::unique_ptr<EncodedOutcome[]> outcomes_;
  const std::unique_ptr<Arrivals> arrivals_;          ///< unless it is ordered
  std::deque<Failure> failures_;                      ///< those that outcomes point to
  std::deque<Bytes> large_values_;                    ///< those that have memory of their own
  std::vector<std::unique_ptr<std::byte[]>> blocks_;  ///< where the values lie
  std::byte* free_ = nullptr;                         ///< in the last block
  std::size_t free_bytes_ = 0;
  const std::shared_ptr<MapCounters> counters_;
  std::atomic<std::size_t> ready_{0};  ///< stored after the outcomes before it
};

}  // namespace bulkhead::detail
