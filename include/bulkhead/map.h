#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/error.h>
#include <bulkhead/future.h>

namespace bulkhead {

namespace detail {

/// Where a map takes its items from. Called only in the thread that iterates over the results.
class MapInput {
 public:
  virtual ~MapInput() = default;
  /// Encodes the next item; false: there is none.
  virtual bool next(Encoder& arguments) = 0;
};

template <std::ranges::view View>
class RangeInput final : public MapInput {
 public:
  explicit RangeInput(View view) : view_(std::move(view)) {}

  bool next(Encoder& arguments) override {
    if (!at_) {
      at_.emplace(std::ranges::begin(view_));
    } else if (*at_ != std::ranges::end(view_)) {
      ++*at_;  // Only now: an item is not taken before there is room for it.
    }
    if (*at_ == std::ranges::end(view_)) {
      return false;
    }
    const auto& item = **at_;
    encode_argument(arguments, item);
    return true;
  }

 private:
  View view_;
  std::optional<std::ranges::iterator_t<View>> at_;
};

/// The running map behind a MapRange; known to the library only.
class MapState;
struct MapStateDeleter {
  void operator()(MapState* state) const noexcept;  ///< cancels what was not started
};
/// The outcome of the next item, in the order of the input; nullopt: the input has ended.
std::optional<Outcome<Bytes>> next_outcome(MapState& state);
void cancel(MapState& state);

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

    explicit Iterator(detail::MapState* state) : state_(state) { ++*this; }

    decltype(auto) operator*() const { return Get{}(*current_); }
    Iterator& operator++() {
      current_.reset();
      if (auto encoded = detail::next_outcome(*state_)) {
        current_.emplace(detail::decode_outcome<R>(*encoded));
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
      return !iterator.current_.has_value();
    }

   private:
    detail::MapState* state_;
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
