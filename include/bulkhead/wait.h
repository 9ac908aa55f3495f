#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <bulkhead/collect.h>
#include <bulkhead/future.h>

namespace bulkhead {

/// When wait() returns.
enum class ReturnWhen : std::uint8_t {
  AllCompleted,
  FirstCompleted,  ///< one has ended; a cancelled one counts
  FirstException,  ///< one has failed, or all have ended; a cancelled one is no failure
};

/// The futures that were waited for: each once, in the order of the range.
template <class T>
struct WaitResult {
  std::vector<Future<T>> done;
  std::vector<Future<T>> not_done;
};

namespace detail {

/// Each once, where it is first.
std::vector<FutureRef> without_duplicates(std::vector<FutureRef> states);
void wait_for(std::span<const FutureRef> states, ReturnWhen when, Deadline deadline);

/// Futures in the order in which they end; known to the library only.
class CompletionOrder;
struct CompletionOrderDeleter {
  void operator()(CompletionOrder* order) const noexcept;
};
using CompletionOrderPtr = std::unique_ptr<CompletionOrder, CompletionOrderDeleter>;

CompletionOrderPtr watch_completions(std::vector<FutureRef> states, std::chrono::nanoseconds limit);
/// Waits for the next one; null: there are no more. Throws TimeoutError.
FutureRef next_completed(CompletionOrder& order);

}  // namespace detail

/// Waits for futures of one type, of one executor or several. Returns when the condition holds, at
/// once if it does already, or at the limit; what ended in the meantime is done, too.
template <FutureRange Futures>
WaitResult<FutureValue<Futures>> wait(
    Futures&& futures, ReturnWhen when = ReturnWhen::AllCompleted,
    std::chrono::nanoseconds limit = std::chrono::nanoseconds::max()) {
  using Value = FutureValue<Futures>;
  const auto states = detail::without_duplicates(detail::states_of(futures));
  detail::wait_for(states, when, detail::deadline_after(limit));
  WaitResult<Value> result;
  for (const detail::FutureRef& state : states) {
    (detail::is_done(*state) ? result.done : result.not_done).push_back(Future<Value>(state));
  }
  return result;
}

/// The futures of a range in the order in which they end, those that have ended already first: a
/// move-only input range. One thread iterates.
template <class T>
class CompletedRange {
 public:
  explicit CompletedRange(detail::CompletionOrderPtr order) : order_(std::move(order)) {}

  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = Future<T>;

    explicit Iterator(detail::CompletionOrder* order) : order_(order) { ++*this; }

    const Future<T>& operator*() const { return *current_; }
    const Future<T>* operator->() const { return &*current_; }
    Iterator& operator++() {
      current_.reset();  // First: while it waits it keeps nothing alive that was looked at.
      if (auto state = detail::next_completed(*order_)) {
        current_.emplace(std::move(state));
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
      return !iterator.current_.has_value();
    }

   private:
    detail::CompletionOrder* order_;
    std::optional<Future<T>> current_;
  };

  /// begin() may be called once: an input range is read in one pass.
  Iterator begin() { return Iterator(order_.get()); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  detail::CompletionOrderPtr order_;
};

/// Each future of the range once, as soon as it ends: `for (const auto& future :
/// as_completed(futures))`. What was given is no longer kept alive. Going on to the next throws
/// TimeoutError when none has ended `limit` after this call: "2 (of 4) futures unfinished".
template <FutureRange Futures>
CompletedRange<FutureValue<Futures>> as_completed(
    Futures&& futures, std::chrono::nanoseconds limit = std::chrono::nanoseconds::max()) {
  return CompletedRange<FutureValue<Futures>>(
      detail::watch_completions(detail::states_of(futures), limit));
}

}  // namespace bulkhead
