#include "executors/map_state.h"

#include <algorithm>
#include <utility>

#include <bulkhead/error.h>

namespace bulkhead::detail {

MapState::MapState(std::shared_ptr<Backend> backend, std::shared_ptr<const Function> function,
                   std::unique_ptr<MapInput> input, MapOptions options)
    : backend_(std::move(backend)),
      function_(std::move(function)),
      input_(std::move(input)),
      options_{options.each, std::max<std::size_t>(options.buffersize, 1)} {}

std::size_t MapState::unfinished() const {
  return static_cast<std::size_t>(submitted_) - finished_->load(std::memory_order_acquire);
}

EncodedItems MapState::take_items(std::size_t count) {
  EncodedItems items;
  try {
    if (!input_->take(items, count)) {
      input_ended_ = true;
    }
  } catch (...) {
    // The items before this one are good: the exception waits until they are delivered.
    input_failure_ = std::current_exception();
    input_ended_ = true;
  }
  return items;
}

void MapState::refill() {
  if (input_ended_) {
    return;
  }
  const std::size_t undelivered = submitted_ - delivered_;
  const std::size_t unfinished_now = unfinished();
  const std::size_t wanted = backend_->wanted(*function_, unfinished_now, undelivered);
  low_water_ = (unfinished_now + wanted + 1) / 2;
  const std::size_t room = options_.buffersize - std::min(undelivered, options_.buffersize);
  if (const std::size_t count = std::min(wanted, room); count > 0) {
    if (auto items = take_items(count); items.size() > 0) {
      submit(std::move(items));
    }
  }
}

void MapState::submit(EncodedItems items) {
  auto batch = std::make_shared<TaskBatch>(function_, options_.each, std::move(items), submitted_,
                                           finished_);
  try {
    // Outside of the mutex: an inline executor runs the tasks here, and cancel() must not wait.
    backend_->submit(batch);
  } catch (const ShutdownError&) {
    if (submitted_ == 0) {
      throw;
    }
    // The executor was shut down in the middle: what was handed in before still comes.
    input_failure_ = std::current_exception();
    input_ended_ = true;
    return;
  }
  submitted_ += batch->size();
  const std::lock_guard lock(mutex_);
  if (cancelled_) {
    backend_->cancel(*batch);
  }
  pending_.push_back(std::move(batch));
}

bool MapState::is_hungry() const {
  return !input_ended_ && unfinished() < low_water_ &&
         submitted_ - delivered_ < options_.buffersize;
}

std::shared_ptr<TaskBatch> MapState::front_batch() {
  const std::lock_guard lock(mutex_);
  if (!pending_.empty() && handed_out_ == pending_.front()->size()) {
    pending_.pop_front();
    handed_out_ = 0;
  }
  return pending_.empty() ? nullptr : pending_.front();
}

bool MapState::next() {
  delivered_ += std::exchange(in_current_, 0);
  refill();
  const std::shared_ptr<TaskBatch> front = front_batch();
  if (front == nullptr) {
    if (input_failure_) {
      std::rethrow_exception(std::exchange(input_failure_, nullptr));
    }
    return false;
  }
  const auto is_ready = [&] { return front->ready() > handed_out_; };
  const auto has_enough = [&] {
    return is_hungry() || front->ready() - handed_out_ >= run_limit() ||
           front->ready() == front->size();
  };
  while (!is_ready()) {
    // While the first item keeps us waiting the others must not run dry.
    backend_->gather([&] { return is_ready() || is_hungry(); }, has_enough);
    refill();
  }
  hand_out(*front);
  return true;
}

std::size_t MapState::run_limit() const {
  // Few at a time: in between is the next look whether the workers have enough.
  return std::max<std::size_t>(low_water_ / 4, 1);
}

void MapState::hand_out(const TaskBatch& batch) {
  in_current_ = std::min(batch.ready() - handed_out_, run_limit());
  const EncodedOutcome* const first = &batch.outcome(handed_out_);
  current_ = {first, first + in_current_, delivered_ + in_current_};
  handed_out_ += in_current_;
}

void MapState::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  input_ended_ = true;
  // From the back: what is cancelled first cannot be started while the others are.
  for (auto batch = pending_.rbegin(); batch != pending_.rend(); ++batch) {
    backend_->cancel(**batch);
  }
}

void MapStateDeleter::operator()(MapState* state) const noexcept {
  state->cancel();
  delete state;
}

OutcomeRun& current_outcomes(MapState& state) {
  return state.current();
}
bool next_outcomes(MapState& state) {
  return state.next();
}
void cancel(MapState& state) {
  state.cancel();
}

}  // namespace bulkhead::detail
