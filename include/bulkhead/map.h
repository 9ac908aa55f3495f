#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/detail/encoded_items.h>
#include <bulkhead/error.h>
#include <bulkhead/future.h>
#include <bulkhead/map_progress.h>

namespace bulkhead {

namespace detail {

/// Where a map takes its items from. Called only in the thread that iterates over the results.
class MapInput {
 public:
  virtual ~MapInput() = default;
  /// Encodes the next items, `count` of them or as many as there are, and none beyond the first
  /// when they have `bytes`; false: there are no more.
  /// Throws what the input throws; the items before that are encoded.
  virtual bool take(EncodedItems& items, std::size_t count, std::size_t bytes) = 0;
  /// Prints an item that take() has encoded.
  virtual void print(std::ostream& out, Decoder& item) const = 0;
  /// Items in all; nullopt: not known, or without end.
  virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
};

template <class T>
void print_value(std::ostream& out, Decoder& in) {
  const T value = decode<T>(in);
  if constexpr (requires { out << value; }) {
    out << value;
  } else {
    out << '?';
  }
}

/// Prints encoded values of these types.
template <class First, class... More>
void print_values(std::ostream& out, Decoder& in) {
  print_value<First>(out, in);
  ((out << ", ", print_value<More>(out, in)), ...);
}

/// Each range gives one argument.
struct EncodeEach {
  template <class... Items>
  void operator()(Encoder& out, const Items&... items) const {
    (encode_argument(out, items), ...);
  }
  template <class... Items>
  static void print(std::ostream& out, Decoder& in) {
    print_values<Argument<Items>...>(out, in);
  }
};

/// The one range gives tuples of all arguments.
struct EncodeTuple {
  template <class Tuple>
  void operator()(Encoder& out, const Tuple& tuple) const {
    std::apply([&out](const auto&... items) { EncodeEach{}(out, items...); }, tuple);
  }
  template <class Tuple>
  static void print(std::ostream& out, Decoder& in) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      EncodeEach::print<std::tuple_element_t<I, std::remove_cvref_t<Tuple>>...>(out, in);
    }
    (std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<Tuple>>>());
  }
};

/// Never the shortest of ranges side by side.
template <class View>
concept Endless = std::same_as<std::ranges::sentinel_t<View>, std::unreachable_sentinel_t>;

/// Ranges side by side, up to the end of the shortest.
template <class Encode, std::ranges::view... Views>
class RangesInput final : public MapInput {
 public:
  explicit RangesInput(Views... views) : views_(std::move(views)...) {
    if constexpr ((... && (std::ranges::sized_range<Views> || Endless<Views>))) {
      std::apply([this](auto&... view) { (note_size(view), ...); }, views_);
    }
  }

  bool take(EncodedItems& items, std::size_t count, std::size_t bytes) override {
    for (; count > 0 && (items.size() == 0 || items.bytes() < bytes); --count) {
      if (!advance(std::index_sequence_for<Views...>())) {
        return false;
      }
      std::apply(
          [&items](auto&... at) { items.append([&](Encoder& out) { Encode{}(out, *at...); }); },
          *at_);
    }
    return true;
  }

  void print(std::ostream& out, Decoder& item) const override {
    Encode::template print<std::ranges::range_reference_t<Views>...>(out, item);
  }

  std::optional<std::uint64_t> size() const override { return size_; }

 private:
  template <class View>
  void note_size(View& view) {
    if constexpr (std::ranges::sized_range<View>) {
      const auto size = static_cast<std::uint64_t>(std::ranges::size(view));
      size_ = std::min(size_.value_or(size), size);
    }
  }

  /// Only when there is room for an item is it taken, and from no range behind one that has ended.
  template <std::size_t... I>
  bool advance(std::index_sequence<I...>) {
    if (!at_) {
      at_.emplace(std::ranges::begin(std::get<I>(views_))...);
      return (... && (std::get<I>(*at_) != std::ranges::end(std::get<I>(views_))));
    }
    return (... && (++std::get<I>(*at_) != std::ranges::end(std::get<I>(views_))));
  }

  std::tuple<Views...> views_;
  std::optional<std::uint64_t> size_;  ///< of the shortest
  std::optional<std::tuple<std::ranges::iterator_t<Views>...>> at_;
};

/// The outcome of one item of a map, in memory of the map.
struct EncodedOutcome {
  const std::byte* value = nullptr;  ///< the encoded value
  std::uint64_t bytes : 40 = 0;      ///< of the value
  std::uint64_t worker : 24 = 0;     ///< process that it is of (the kernel has 22 bits); 0: none
  const Failure* failure = nullptr;  ///< instead of a value
};

/// The items of a map that were handed in together; known to the library only.
class TaskBatch;

/// Outcomes of a map that are to be read next; they last until next_outcomes().
struct OutcomeRun {
  const EncodedOutcome* next = nullptr;
  const EncodedOutcome* end = nullptr;
  /// Position in the input of what follows the last, if they are in its order.
  std::uint64_t end_index = 0;
  /// Else their positions, up to here.
  const std::uint64_t* end_of_indices = nullptr;
  const TaskBatch* batch = nullptr;  ///< that they are of
  const MapInput* input = nullptr;   ///< that they come from

  std::uint64_t index_of(const EncodedOutcome& outcome) const {
    const std::ptrdiff_t to_end = end - &outcome;
    return end_of_indices == nullptr ? end_index - static_cast<std::uint64_t>(to_end)
                                     : *(end_of_indices - to_end);
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
MapProgress progress_of(const MapState& state);

/// The failure, with the item that it is of.
Failure with_item(Failure failure, const OutcomeRun& run, const EncodedOutcome& outcome);

template <class T>
Outcome<T> decode_outcome(const OutcomeRun& run, const EncodedOutcome& encoded) {
  if (encoded.failure != nullptr) {
    return Unexpected(with_item(*encoded.failure, run, encoded));
  }
  auto outcome = decode_value<T>({encoded.value, encoded.bytes}, static_cast<int>(encoded.worker));
  if (!outcome) {
    outcome.error().index = run.index_of(encoded);
    outcome.error() = with_item(std::move(outcome.error()), run, encoded);
  }
  return outcome;
}

}  // namespace detail

/// The outcome of one item of a map, and the item's position in the input, from 0.
template <class R>
struct Indexed {
  std::uint64_t index = 0;
  Outcome<R> outcome;
};

/// The results of a map, in the order of its input or, if MapOptions::ordered is false, as they
/// come: a move-only input range.
///
/// Lazy and bounded: items are taken from the input, in the iterating thread, only as far ahead as
/// keeps the workers busy (and never more than MapOptions::buffersize beyond the last result
/// delivered), so the input may be infinite. The first items are under way when map() returns.
///
/// Dereferencing throws if that item failed; incrementing then goes on with the next item.
/// Destroying the range cancels the items that were not started.
/// One thread iterates; cancel() and progress() may be called from any.
template <class R>
class MapRange {
 public:
  explicit MapRange(std::unique_ptr<detail::MapState, detail::MapStateDeleter> state)
      : state_(std::move(state)) {}
  MapRange(MapRange&&) noexcept = default;
  MapRange& operator=(MapRange&&) noexcept = default;

  /// Reads the outcomes one by one; Get reads the next one, and makes of it what dereferencing
  /// gives.
  template <class Get>
  class Iterator {
    using Current = std::invoke_result_t<decltype(&Get::read), detail::OutcomeRun&>;

   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = std::remove_cvref_t<std::invoke_result_t<Get, Current&>>;

    explicit Iterator(detail::MapState* state)
        : state_(state), run_(&detail::current_outcomes(*state)) {
      ++*this;
    }

    decltype(auto) operator*() const { return Get{}(*current_); }
    Iterator& operator++() {
      current_.reset();
      if (run_->next != run_->end || detail::next_outcomes(*state_)) {
        current_.emplace(Get::read(*run_));
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
    mutable std::optional<Current> current_;
  };

  /// begin() may be called once: an input range is read in one pass.
  auto begin() { return Iterator<GetValue>(state_.get()); }
  std::default_sentinel_t end() const noexcept { return {}; }

  /// The same results as values or failures: `for (auto& outcome : executor.map(...).outcomes())`.
  /// It shares the map with this range, either may go first.
  auto outcomes() { return Companion<GetOutcome>(state_); }

  /// The same with the position of each in the input: `for (auto& [index, outcome] : r.indexed())`.
  auto indexed() { return Companion<GetIndexed>(state_); }

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

  /// How far the map is: what was taken from the input, what is over, and how long the rest may
  /// take.
  MapProgress progress() const { return detail::progress_of(*state_); }

 private:
  struct GetOutcome {
    static Outcome<R> read(detail::OutcomeRun& run) {
      return detail::decode_outcome<R>(run, *run.next++);
    }
    Outcome<R>& operator()(Outcome<R>& outcome) const { return outcome; }
  };
  struct GetValue {
    static Outcome<R> read(detail::OutcomeRun& run) { return GetOutcome::read(run); }
    decltype(auto) operator()(Outcome<R>& outcome) const {
      if (!outcome) {
        outcome.error().raise();
      }
      return outcome.value();
    }
  };
  struct GetIndexed {
    static Indexed<R> read(detail::OutcomeRun& run) {
      const std::uint64_t index = run.index_of(*run.next);
      return {index, GetOutcome::read(run)};
    }
    Indexed<R>& operator()(Indexed<R>& indexed) const { return indexed; }
  };

  /// Owns its part of the map, because in C++20 a range-for does not keep alive what it was made
  /// of.
  template <class Get>
  class Companion {
   public:
    explicit Companion(std::shared_ptr<detail::MapState> state) : state_(std::move(state)) {}
    auto begin() { return Iterator<Get>(state_.get()); }
    std::default_sentinel_t end() const noexcept { return {}; }

   private:
    std::shared_ptr<detail::MapState> state_;
  };

  std::shared_ptr<detail::MapState> state_;
};

}  // namespace bulkhead
