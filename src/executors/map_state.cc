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

std::vector<Bytes> MapState::take_items(std::size_t count) {
  std::vector<Bytes> items;
  try {
    while (items.size() < count) {
      Bytes encoded;
      Encoder out(encoded);
      if (!input_->next(out)) {
        input_ended_ = true;
        break;
      }
      items.push_back(std::move(encoded));
    }
  } catch (...) {
    // The items before this one are good: the exception waits until they are delivered.
    input_failure_ = std::current_exception();
    input_ended_ = true;
  }
  return items;
}

void MapState::refill() {
  std::size_t undelivered = 0;
  {
    const std::lock_guard lock(mutex_);
    if (input_ended_) {
      return;
    }
    undelivered = pending_.size();
  }
  const std::size_t unfinished_now = unfinished();
  const std::size_t wanted = backend_->wanted(*function_, unfinished_now, undelivered);
  low_water_ = (unfinished_now + wanted + 1) / 2;
  const std::size_t room = options_.buffersize - std::min(undelivered, options_.buffersize);
  auto items = take_items(std::min(wanted, room));
  if (!items.empty()) {
    submit(std::move(items));
  }
}

void MapState::submit(std::vector<Bytes> items) {
  const std::size_t count = items.size();
  try {
    // Outside of the mutex: an inline executor runs the tasks here, and cancel() must not wait.
    auto futures = backend_->submit({.function = function_,
                                     .arguments = std::move(items),
                                     .options = options_.each,
                                     .first_index = submitted_,
                                     .finished = finished_});
    submitted_ += count;
    const std::lock_guard lock(mutex_);
    for (auto& future : futures) {
      if (cancelled_) {
        future->cancel();
      }
      pending_.push_back(std::move(future));
    }
  } catch (const ShutdownError&) {
    if (submitted_ == 0) {
      throw;
    }
    // The executor was shut down in the middle: what was handed in before still comes.
    input_failure_ = std::current_exception();
    input_ended_ = true;
  }
}

bool MapState::is_hungry() const {
  return !input_ended_ && unfinished() < low_water_ &&
         submitted_ - delivered_ < options_.buffersize;
}

std::optional<Outcome<Bytes>> MapState::next() {
  refill();
  std::shared_ptr<FutureState> front;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.empty()) {
      if (input_failure_) {
        std::rethrow_exception(std::exchange(input_failure_, nullptr));
      }
      return std::nullopt;
    }
    front = pending_.front();
  }
  while (!front->is_done()) {
    // While the first item keeps us waiting the others must not run dry.
    backend_->drive_until([&] { return front->is_done() || is_hungry(); }, std::nullopt);
    refill();
  }
  const std::lock_guard lock(mutex_);
  pending_.pop_front();
  ++delivered_;
  return front->result();
}

void MapState::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  input_ended_ = true;
  // From the back: what is cancelled first cannot be started while the others are.
  for (auto future = pending_.rbegin(); future != pending_.rend(); ++future) {
    (*future)->cancel();
  }
}

void MapStateDeleter::operator()(MapState* state) const noexcept {
  state->cancel();
  delete state;
}

std::optional<Outcome<Bytes>> next_outcome(MapState& state) {
  return state.next();
}
void cancel(MapState& state) {
  state.cancel();
}

}  // namespace bulkhead::detail
