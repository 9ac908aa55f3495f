#include "executors/task_batch.h"

#include <algorithm>
#include <cassert>
#include <cstring>
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

TaskBatch::TaskBatch(std::shared_ptr<const Function> function, TaskOptions options,
                     EncodedItems items, std::uint64_t first_index,
                     std::shared_ptr<std::atomic<std::size_t>> finished)
    : TaskGroup(std::move(function), options),
      items_(std::move(items)),
      first_index_(first_index),
      outcomes_(std::make_unique<EncodedOutcome[]>(items_.size())),
      finished_(std::move(finished)) {}

void TaskBatch::complete(std::size_t task, std::span<const std::byte> value) {
  assert(!is_over(task));
  outcomes_[task] = {keep(value), value.size(), nullptr};
  advance();
}

void TaskBatch::complete_large(std::size_t task, Bytes value) {
  assert(!is_over(task));
  const Bytes& kept = large_values_.emplace_back(std::move(value));
  outcomes_[task] = {kept.empty() ? &kNothing : kept.data(), kept.size(), nullptr};
  advance();
}

void TaskBatch::fail(std::size_t task, Failure failure) {
  assert(!is_over(task));
  failure.index = first_index_ + task;
  failures_.push_back(std::move(failure));
  outcomes_[task] = {&kNothing, 0, &failures_.back()};
  advance();
}

void TaskBatch::advance() {
  std::size_t ready = ready_.load(std::memory_order_relaxed);
  while (ready < size() && is_over(ready)) {
    ++ready;
  }
  ready_.store(ready, std::memory_order_release);
  // One thread at a time writes here, so this need not be one step.
  finished_->store(finished_->load(std::memory_order_relaxed) + 1, std::memory_order_release);
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
