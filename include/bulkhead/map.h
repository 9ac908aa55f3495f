#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/detail/encoded_items.h>
#include <bulkhead/error.h>
#include <bulkhead/future.h>

namespace bulkhead {

namespace detail {

/// Where a map takes its items from. Called only in the thread that iterates over the results.
class MapInput {
 public:
  virtual ~MapInput() = default;
  /// Encodes the next items, `count` of them or as many as there are; false: there are no more.
  /// Throws what the input throws; the items before that are encoded.
  virtual bool take(EncodedItems& items, std::size_t count) = 0;
};

template <std::ranges::view View>
class RangeInput final : public MapInput {
 public:
  explicit RangeInput(View view) : view_(std::move(view)) {}

  bool take(EncodedItems& items, std::size_t count) override {
    for (; count > 0; --count) {
      if (!at_) {
        at_.emplace(std::ranges::begin(view_));
      } else if (*at_ != std::ranges::end(view_)) {
        ++*at_;  // Only now: an item is not taken before there is room for it.
      }
      if (*at_ == std::ranges::end(view_)) {
        return false;
      }
      const auto& item = **at_;
      items.append([&item](Encoder& out) { encode_argument(out, item); });
    }
    return true;
  }

 private:
  View view_;
  std::optional<std::ranges::iterator_t<View>> at_;
};

/// The outcome of one item of a map, in memory of the map.
struct EncodedOutcome {
  const std::byte* value = nullptr;  ///< the encoded value
  std::size_t bytes = 0;             ///< of the value
  const Failure* failure = nullptr;  ///< instead of a value
};

/// Outcomes of a map that are to be read next, in order; they last until next_outcomes().
struct OutcomeRun {
  const EncodedOutcome* next = nullptr;
  const EncodedOutcome* end = nullptr;
  std::uint64_t end_index = 0;  ///< position in the input of what follows the last

  std::uint64_t index_of(const EncodedOutcome& outcome) const {
    return end_index - static_cast<std::uint64_t>(end - &outcome);
  }
};

/// The running map behind a MapRange; known to the library only.
class MapState;
struct MapStateDeleter {
  void operator()(MapState* state) const noexcept;  ///< cancels what was not started
};
/// The outcomes that are there and were not read: whoever reads one moves `next` on.
OutcomeRun& current_outcomes(MapState& state);
/// Waits for the next outcomes, when those are read. False: the input has ended. Throws what the
/// input threw.
bool next_outcomes(MapState& state);
void cancel(MapState& state);

template <class T>
Outcome<T> decode_outcome(const OutcomeRun& run, const EncodedOutcome& encoded) {
  if (encoded.failure != nullptr) {
    return Unexpected(*encoded.failure);
  }
  auto outcome = decode_value<T>({encoded.value, encoded.bytes});
  if (!outcome) {
    outcome.error().index = run.index_of(encoded);
  }
  return outcome;
}

}  // namespace detail

/// The results of a map, in the order of its input: a move-only input range.
///
/// Lazy and bounded: items are taken from the input, in the iterating thread, only as far ahead as
/// keeps the workers busy (and never more than MapOptions::buffersize beyond the last result
/// delivered), so the input may be infinite. The first items are under way when map() returns.
///
/// Dereferencing throws if that item failed; incrementing then goes on with the next item.
/// Destroying the range cancels the items that were not started.
/// One thread iterates; cancel() may be called from any.
template <class R>
class MapRange {
 public:
  explicit MapRange(std::unique_ptr<detail::MapState, detail::MapStateDeleter> state)
      : state_(std::move(state)) {}

  /// Reads the outcomes one by one; Get turns one into what dereferencing gives.
  template <class Get>
  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = std::remove_cvref_t<std::invoke_result_t<Get, Outcome<R>&>>;

    explicit Iterator(detail::MapState* state)
        : state_(state), run_(&detail::current_outcomes(*state)) {
      ++*this;
    }

    decltype(auto) operator*() const { return Get{}(*current_); }
    Iterator& operator++() {
      current_.reset();
      if (run_->next != run_->end || detail::next_outcomes(*state_)) {
        current_.emplace(detail::decode_outcome<R>(*run_, *run_->next++));
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
      return !iterator.current_.has_value();
    }

   private:
    detail::MapState* state_;
    detail::OutcomeRun* run_;
    mutable std::optional<Outcome<R>> current_;
  };

  /// begin() may be called once: an input range is read in one pass.
  auto begin() { return Iterator<GetValue>(state_.get()); }
  std::default_sentinel_t end() const noexcept { return {}; }

  /// The same results as values or failures: `for (auto& outcome : executor.map(...).outcomes())`.
  /// It shares the map with this range, either may go first.
  auto outcomes() { return Outcomes(state_); }

  /// All values; throws the first failure in the order of the input.
  std::vector<R> collect() requires(!std::is_void_v<R>) {
    std::vector<R> values;
    for (auto&& value : *this) {
      values.push_back(std::move(value));
    }
    return values;
  }

  /// Takes no more items and cancels those that were not started; their outcomes are Cancelled.
  void cancel() { detail::cancel(*state_); }

 private:
  struct GetValue {
    decltype(auto) operator()(Outcome<R>& outcome) const {
      if (!outcome) {
        outcome.error().raise();
      }
      return outcome.value();
    }
  };
  struct GetOutcome {
    Outcome<R>& operator()(Outcome<R>& outcome) const { return outcome; }
  };

  /// Owns its part of the map, because in C++20 a range-for does not keep alive what it was made
  /// of.
  class Outcomes {
   public:
    explicit Outcomes(std::shared_ptr<detail::MapState> state) : state_(std::move(state)) {}
    auto begin() { return Iterator<GetOutcome>(state_.get()); }
    std::default_sentinel_t end() const noexcept { return {}; }

   private:
    std::shared_ptr<detail::MapState> state_;
  };

  std::shared_ptr<detail::MapState> state_;
};

}  // namespace bulkhead
