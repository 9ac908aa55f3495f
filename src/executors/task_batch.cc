#include "executors/task_batch.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <numeric>
#include <utility>

namespace bulkhead::detail {

namespace {

/// Values lie in blocks of about this size; one that is larger has a block of its own.
constexpr std::size_t kBlockBytes = 64 * 1024;
/// The first block is for so many bytes an item, a number and what lies between two of them: a
/// batch of one number is a small thing.
constexpr std::size_t kFirstGuessBytes = 16;

/// Where the values lie that have no bytes.
constexpr std::byte kNothing{};

EncodedOutcome outcome_of(const std::byte* value, std::size_t bytes, int worker) {
  return {value, bytes & ((std::uint64_t{1} << 40U) - 1),
          static_cast<unsigned>(worker) & ((1U << 24U) - 1), nullptr};
}

}  // namespace

TaskBatch::TaskBatch(std::shared_ptr<const Function> function, const MapOptions& options,
                     EncodedItems items, std::uint64_t first_index,
                     std::shared_ptr<MapCounters> counters)
    : TaskGroup(std::move(function), options.each),
      chunk_size_(options.chunksize),
      items_(std::move(items)),
      first_index_(first_index),
      outcomes_(std::make_unique<EncodedOutcome[]>(items_.size())),
      arrivals_(options.ordered ? nullptr : std::make_unique<Arrivals>(items_.size())),
      counters_(std::move(counters)) {}

void TaskBatch::complete(std::size_t first, const transport::PayloadRun& values, int worker) {
  for (std::size_t done = 0; done < values.count;) {
    const auto kept = keep(values.part(done, values.count - done));
    for (std::size_t i = 0; i < kept.count; ++i) {
      assert(!is_over(first + done + i));
      outcomes_[first + done + i] = outcome_of(kept.first + i * kept.distance, kept.bytes, worker);
    }
    done += kept.count;
  }
  advance(first, values.count);
}

void TaskBatch::complete_large(std::size_t task, Bytes value, int worker) {
  assert(!is_over(task));
  const Bytes& kept = large_values_.emplace_back(std::move(value));
  outcomes_[task] = outcome_of(kept.empty() ? &kNothing : kept.data(), kept.size(), worker);
  advance(task, 1);
}

void TaskBatch::on_failed(std::size_t task, Failure failure) {
  assert(!is_over(task));
  const ItemRange items = items_of(task);
  if (items.end - items.first == 1) {
    failure.index = items.first;
  } else if (failure.index && !items.holds(*failure.index)) {
    failure.index.reset();  // The worker's word cannot be true.
  }
  failures_.push_back(std::move(failure));
  outcomes_[task] = {&kNothing, 0, 0, &failures_.back()};
  counters_->failed.fetch_add(1, std::memory_order_relaxed);
  advance(task, 1);
}

ItemRange TaskBatch::items_of(std::size_t task) const {
  const auto& groups = items_.groups();
  return groups.empty() ? ItemRange{first_index_ + task, first_index_ + task + 1} : groups[task];
}

void TaskBatch::advance(std::size_t first, std::size_t count) {
  // One thread at a time writes here, so that no addition need be one step.
  constexpr auto kAlone = std::memory_order_relaxed;
  counters_->value_bytes.store(counters_->value_bytes.load(kAlone) + count * outcomes_[first].bytes,
                               kAlone);
  std::size_t ready = ready_.load(kAlone);
  if (arrivals_) {
    for (std::size_t task = first; task < first + count; ++task, ++ready) {
      arrivals_->outcomes[ready] = outcomes_[task];
      arrivals_->indices[ready] = first_index_ + task;
    }
  } else {
    ready += ready == first ? count : 0;
    while (ready < size() && is_over(ready)) {
      ++ready;
    }
  }
  ready_.store(ready, std::memory_order_release);
  counters_->finished.store(counters_->finished.load(kAlone) + count, std::memory_order_release);
}

OutcomeRun TaskBatch::outcomes(std::size_t first, std::size_t end) const {
  const EncodedOutcome* const all = arrivals_ ? arrivals_->outcomes.get() : outcomes_.get();
  return {all + first, all + end, first_index_ + end,
          arrivals_ ? arrivals_->indices.get() + end : nullptr, this};
}

std::span<const std::byte> TaskBatch::item_at(std::uint64_t index) const {
  return items_.run_from(static_cast<std::size_t>(index - first_index_), 1, 0).bytes;
}

std::size_t TaskBatch::bytes() const {
  const OutcomeRun run = outcomes(0, ready());
  return std::accumulate(
      run.next, run.end, items_.bytes(),
      [](std::size_t sum, const EncodedOutcome& outcome) { return sum + outcome.bytes; });
}

transport::PayloadRun TaskBatch::keep(const transport::PayloadRun& values) {
  if (values.bytes == 0) {
    return {&kNothing, 0, 0, values.count};
  }
  if (values.distance > free_bytes_) {
    const std::size_t first = std::min(size() * kFirstGuessBytes, kBlockBytes);
    free_bytes_ = std::max(blocks_.empty() ? first : kBlockBytes, values.distance);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(free_bytes_));
    free_ = blocks_.back().get();
  }
  // With what lies between them: one copy of all is quicker than one of each.
  const std::size_t count = std::min(values.count, free_bytes_ / values.distance);
  const std::size_t used = count * values.distance;
  std::memcpy(free_, values.first, used - values.distance + values.bytes);
  free_bytes_ -= used;
  return {std::exchange(free_, free_ + used), values.bytes, values.distance, count};
}

}  // namespace bulkhead::detail
