#include "executors/map_state.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <bulkhead/detail/shared_memory.h>
#include <bulkhead/error.h>

namespace bulkhead::detail {

MapState::MapState(std::shared_ptr<Backend> backend, std::shared_ptr<const Function> function,
                   std::unique_ptr<MapInput> input, MapOptions options)
    : backend_(std::move(backend)),
      function_(std::move(function)),
      input_(std::move(input)),
      options_(options),
      cohort_(options.each.relative_timeout > 0 ? backend_->make_cohort() : nullptr),
      deadline_(options.timeout == options.timeout.zero() ? Deadline()
                                                          : deadline_after(options.timeout)) {}

void MapState::start() {
  if (options_.each.stop.stop_possible()) {
    obeying_.emplace(options_.each.stop, [this] { stop(); });
  }
  refill();
}

std::size_t MapState::finished() const {
  return counters_->finished.load(std::memory_order_acquire);
}

std::size_t MapState::unfinished() const {
  return static_cast<std::size_t>(submitted_) - finished();
}

bool MapState::is_over_time() const {
  return deadline_ && std::chrono::steady_clock::now() >= *deadline_;
}

std::size_t MapState::mean_value_bytes() const {
  return counters_->value_bytes.load(std::memory_order_relaxed) /
         std::max<std::size_t>(finished(), 1);
}

std::size_t MapState::room_in_bytes() const {
  if (options_.buffer_bytes == 0) {
    return std::numeric_limits<std::size_t>::max();
  }
  const std::size_t values = counters_->value_bytes.load(std::memory_order_relaxed);
  const std::size_t used =
      argument_bytes_ + values + unfinished() * mean_value_bytes() - read_bytes_;
  return options_.buffer_bytes - std::min(used, options_.buffer_bytes);
}

std::size_t MapState::whole_chunks(std::size_t count) const {
  const std::size_t size = options_.chunksize;
  return size == 0 || count < size ? count : count - count % size;
}

EncodedItems MapState::take_items(std::size_t count, std::size_t bytes) {
  EncodedItems items;
  try {
    if (!input_->take(items, count, bytes)) {
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
  if (input_ended_ || is_over_time()) {
    return;
  }
  const std::size_t undelivered = submitted_ - delivered_;
  const std::size_t unfinished_now = unfinished();
  const std::size_t wanted =
      backend_->wanted(*function_, options_.chunksize, unfinished_now, undelivered);
  low_water_ = (unfinished_now + wanted + 1) / 2;
  const std::size_t room = options_.buffersize - undelivered;
  const std::size_t bytes = room_in_bytes();
  if (std::min(wanted, room) == 0 || (bytes == 0 && undelivered > 0)) {
    return;
  }
  // A part of the bytes at a time: a batch leaves the window as a whole.
  constexpr std::size_t kParts = 4;
  const std::size_t expected = bytes / std::max<std::size_t>(mean_value_bytes(), 1) / kParts;
  const std::size_t count =
      whole_chunks(std::min({wanted, room, std::max<std::size_t>(expected, 1)}));
  const ReferencesApart of_this_batch;
  if (auto items = take_items(count, bytes / kParts); items.size() > 0) {
    submit(std::move(items));
  }
}

void MapState::submit(EncodedItems items) {
  argument_bytes_ += items.bytes();
  taken_ += items.size();
  auto batch =
      std::make_shared<TaskBatch>(function_, options_, std::move(items), submitted_, counters_);
  batch->set_cohort(cohort_);
  try {
    // Outside of the mutex: an inline executor runs the tasks here, and cancel() must not wait.
    backend_->submit(batch);
  } catch (const ShutdownError&) {
    taken_ -= batch->size();
    if (submitted_ == 0) {
      throw;
    }
    // The executor was shut down in the middle: what was handed in before still comes.
    input_failure_ = std::current_exception();
    input_ended_ = true;
    return;
  }
  submitted_ += batch->size();
  bool was_cancelled = false;
  bool was_stopped = false;
  {
    const std::lock_guard lock(mutex_);
    pending_.push_back({batch});
    was_cancelled = cancelled_;
    was_stopped = stopped_;
  }
  if (was_stopped) {
    backend_->kill(*batch);
  } else if (was_cancelled) {
    backend_->cancel(*batch);
  }
}

bool MapState::is_hungry() const {
  return !input_ended_ && unfinished() < low_water_ &&
         submitted_ - delivered_ < options_.buffersize && room_in_bytes() > 0;
}

bool MapState::next() {
  delivered_ += std::exchange(in_current_, 0);
  forget_read();
  refill();
  Pending* pending = readable();
  while (pending == nullptr) {
    if (is_over_time() && (delivered_ < submitted_ || !input_ended_)) {
      give_up();
    }
    if (delivered_ == submitted_) {
      note_end();
      if (input_failure_) {
        std::rethrow_exception(std::exchange(input_failure_, nullptr));
      }
      return false;
    }
    wait_for_more();
    pending = readable();
  }
  hand_out(*pending);
  return true;
}

void MapState::wait_for_more() {
  // While what is next keeps us waiting the workers must not run dry.
  const auto is_ready = [this] { return readable() != nullptr || is_hungry(); };
  backend_->gather(
      is_ready, [this] { return has_enough(); }, deadline_);
  refill();
}

MapState::Pending* MapState::readable() {
  if (options_.ordered) {
    return !pending_.empty() && pending_.front().is_readable() ? &pending_.front() : nullptr;
  }
  if (finished() <= delivered_) {  // Less, once next() has given up: items may still be running.
    return nullptr;
  }
  return &*std::ranges::find_if(pending_, &Pending::is_readable);
}

bool MapState::has_enough() const {
  if (!options_.ordered) {
    return is_hungry() || finished() - delivered_ >= run_limit() || finished() == submitted_;
  }
  const Pending& front = pending_.front();
  const std::size_t ready = front.batch->ready();
  return is_hungry() || ready - front.handed_out >= run_limit() || ready == front.batch->size();
}

std::size_t MapState::run_limit() const {
  // Few at a time: in between is the next look whether the workers have enough.
  return std::max<std::size_t>(low_water_ / 4, 1);
}

void MapState::hand_out(Pending& pending) {
  in_current_ = std::min(pending.batch->ready() - pending.handed_out, run_limit());
  const std::size_t first = std::exchange(pending.handed_out, pending.handed_out + in_current_);
  current_ = pending.batch->outcomes(first, pending.handed_out);
  current_.input = input_.get();
  last_read_ = pending.is_read();
}

void MapState::forget_read() {
  if (!std::exchange(last_read_, false)) {
    return;
  }
  const auto read = std::ranges::find_if(pending_, &Pending::is_read);
  if (options_.buffer_bytes != 0) {
    read_bytes_ += read->batch->bytes();
  }
  const std::lock_guard lock(mutex_);
  pending_.erase(read);
}

void MapState::give_up() {
  const std::uint64_t unfinished = submitted_ - delivered_;
  cancel();
  note_end();
  const std::lock_guard lock(mutex_);
  pending_.clear();
  delivered_ = submitted_;
  throw TimeoutError(Failure{.kind = FailureKind::TimedOut,
                             .limit = options_.timeout,
                             .detail = std::to_string(unfinished) + " items of a map unfinished"});
}

void MapState::note_end() {
  if (end_.load(std::memory_order_relaxed) == Clock::time_point()) {
    end_.store(Clock::now(), std::memory_order_relaxed);
  }
}

MapProgress MapState::progress() const {
  // In this order, against that in which they grow: so that none is more than what it is a part of.
  const std::size_t finished = this->finished();
  const std::size_t failed = counters_->failed.load(std::memory_order_relaxed);
  const bool has_ended = input_ended_;
  const std::uint64_t taken = taken_;
  const auto end = end_.load(std::memory_order_relaxed);
  return {.taken = taken,
          .finished = finished,
          .failed = std::min(failed, finished),
          .total = has_ended ? std::optional(taken) : input_->size(),
          .elapsed = (end == Clock::time_point() ? Clock::now() : end) - start_};
}

std::vector<std::shared_ptr<TaskBatch>> MapState::take_no_more() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  input_ended_ = true;
  std::vector<std::shared_ptr<TaskBatch>> unfinished;
  for (const Pending& pending : std::views::reverse(pending_)) {
    unfinished.push_back(pending.batch);
  }
  return unfinished;
}

// In both the back end is called with copies: what it ends may run the program's code in this
// thread, which may take no lock of ours, and may even end this map.

void MapState::cancel() {
  const auto backend = backend_;
  for (const auto& batch : take_no_more()) {
    backend->cancel(*batch);
  }
}

void MapState::stop() {
  const auto backend = backend_;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  for (const auto& batch : take_no_more()) {
    backend->kill(*batch);
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
MapProgress progress_of(const MapState& state) {
  return state.progress();
}

}  // namespace bulkhead::detail
