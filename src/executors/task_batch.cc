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
/// The first block is for so many bytes an item: a batch of one number is a small thing.
constexpr std::size_t kFirstGuessBytes = 8;

/// Where the values lie that have no bytes.
constexpr std::byte kNothing{};

}  // namespace

TaskBatch::TaskBatch(std::shared_ptr<const Function> function, const MapOptions& options,
                     EncodedItems items, std::uint64_t first_index,
                     std::shared_ptr<MapProgress> progress)
    : TaskGroup(std::move(function), options.each),
      chunk_size_(options.chunksize),
      items_(std::move(items)),
      first_index_(first_index),
      outcomes_(std::make_unique<EncodedOutcome[]>(items_.size())),
      arrivals_(options.ordered ? nullptr : std::make_unique<Arrivals>(items_.size())),
      progress_(std::move(progress)) {}

void TaskBatch::complete(std::size_t task, std::span<const std::byte> value) {
  assert(!is_over(task));
  outcomes_[task] = {keep(value), value.size(), nullptr};
  advance(task);
}

void TaskBatch::complete_large(std::size_t task, Bytes value) {
  assert(!is_over(task));
  const Bytes& kept = large_values_.emplace_back(std::move(value));
  outcomes_[task] = {kept.empty() ? &kNothing : kept.data(), kept.size(), nullptr};
  advance(task);
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
  outcomes_[task] = {&kNothing, 0, &failures_.back()};
  advance(task);
}

ItemRange TaskBatch::items_of(std::size_t task) const {
  const auto& groups = items_.groups();
  return groups.empty() ? ItemRange{first_index_ + task, first_index_ + task + 1} : groups[task];
}

void TaskBatch::advance(std::size_t task) {
  // One thread at a time writes here, so that no addition need be one step.
  constexpr auto kAlone = std::memory_order_relaxed;
  progress_->value_bytes.store(progress_->value_bytes.load(kAlone) + outcomes_[task].bytes, kAlone);
  std::size_t ready = ready_.load(kAlone);
  if (arrivals_) {
    arrivals_->outcomes[ready] = outcomes_[task];
    arrivals_->indices[ready] = first_index_ + task;
    ++ready;
  } else {
    while (ready < size() && is_over(ready)) {
      ++ready;
    }
  }
  ready_.store(ready, std::memory_order_release);
  progress_->finished.store(progress_->finished.load(kAlone) + 1, std::memory_order_release);
}

OutcomeRun TaskBatch::outcomes(std::size_t first, std::size_t end) const {
  const EncodedOutcome* const all = arrivals_ ? arrivals_->outcomes.get() : outcomes_.get();
  return {all + first, all + end, first_index_ + end,
          arrivals_ ? arrivals_->indices.get() + end : nullptr};
}

std::size_t TaskBatch::bytes() const {
  const OutcomeRun run = outcomes(0, ready());
  return std::accumulate(
      run.next, run.end, items_.bytes(),
      [](std::size_t sum, const EncodedOutcome& outcome) { return sum + outcome.bytes; });
}

const std::byte* TaskBatch::keep(std::span<const std::byte> value) {
  if (value.empty()) {
    return &kNothing;
  }
  if (value.size() > free_bytes_) {
    const std::size_t first = std::min(size() * kFirstGuessBytes, kBlockBytes);
    free_bytes_ = std::max(blocks_.empty() ? first : kBlockBytes, value.size());
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(free_bytes_));
    free_ = blocks_.back().get();
  }
  std::byte* const place = free_;
  std::memcpy(place, value.data(), value.size());
  free_ += value.size();
  free_bytes_ -= value.size();
  return place;
}

}  // namespace bulkhead::detail
