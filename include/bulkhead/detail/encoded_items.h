#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>

namespace bulkhead::detail {

/// Items [first, end) of the input of a map.
struct ItemRange {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  bool holds(std::uint64_t item) const noexcept { return first <= item && item < end; }
};

/// Encoded values one behind the other in one piece of memory, each with its size: the arguments of
/// the tasks of a map. While all have the same size, which is the rule for numbers, that size is
/// kept once.
class EncodedItems {
 public:
  std::size_t size() const noexcept { return count_; }
  std::size_t bytes() const noexcept { return used_; }

  /// One behind the other; valid until the next append().
  std::span<const std::byte> all() const noexcept { return {memory_.get(), used_}; }

  /// Adds what `encode(Encoder&)` writes. If that throws, nothing is added.
  template <class Encode>
  void append(Encode encode) {
    overflow_.clear();
    Encoder out({memory_.get() + used_, capacity_ - used_}, overflow_);
    encode(out);
    if (!out.is_in_room()) {
      grow();
      std::memcpy(memory_.get() + used_, overflow_.data(), overflow_.size());
    }
    note(out.size());
  }

  /// The same with a value that stands for several items of the input; then all do.
  template <class Encode>
  void append_group(ItemRange items, Encode encode) {
    append(std::move(encode));
    groups_.push_back(items);
  }
  /// The items that each value stands for; empty: each for one.
  const std::vector<ItemRange>& groups() const noexcept { return groups_; }

  /// Items of equal size that lie one behind the other.
  struct Run {
    std::size_t count = 0;
    std::span<const std::byte> bytes;  ///< of all of them; valid until the next append()
  };
  /// The longest run from `first` on (one value, if each stands for several items), of at most
  /// `most` items and, beyond the first, `most_bytes`.
  Run run_from(std::size_t first, std::size_t most, std::size_t most_bytes) const {
    const std::size_t begin = end_of(first, 0);
    const std::size_t each = end_of(first, 1) - begin;
    most = groups_.empty() ? std::min(most, count_ - first) : 1;
    most = std::min(most, std::max<std::size_t>(most_bytes / std::max<std::size_t>(each, 1), 1));
    std::size_t count = ends_.empty() ? most : 1;
    while (count < most && end_of(first, count + 1) - end_of(first, count) == each) {
      ++count;
    }
    return {count, {memory_.get() + begin, count * each}};
  }

 private:
  /// Where the first `count` items from `first` on end.
  std::size_t end_of(std::size_t first, std::size_t count) const {
    const std::size_t items = first + count;
    if (ends_.empty()) {
      return items * each_;
    }
    return items == 0 ? 0 : ends_[items - 1];
  }

  void note(std::size_t bytes) {
    if (count_ == 0) {
      each_ = bytes;
    }
    if (bytes != each_ && ends_.empty()) {
      for (std::size_t i = 1; i <= count_; ++i) {
        ends_.push_back(i * each_);
      }
    }
    used_ += bytes;
    ++count_;
    if (bytes != each_ || !ends_.empty()) {
      ends_.push_back(used_);
    }
  }

  /// Makes room for the overflow, and for as much again as there is.
  void grow() {
    constexpr std::size_t kLeast = 256;
    const std::size_t wanted = std::max({kLeast, 2 * capacity_, used_ + overflow_.size()});
    auto larger = std::make_unique_for_overwrite<std::byte[]>(wanted);
    if (used_ != 0) {
      std::memcpy(larger.get(), memory_.get(), used_);
    }
    memory_ = std::move(larger);
    capacity_ = wanted;
  }

  std::unique_ptr<std::byte[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
  std::size_t each_ = 0;           ///< size of the first; of all while ends_ is empty
  std::vector<std::size_t> ends_;  ///< where each ends, once the sizes differ
  std::vector<ItemRange> groups_;
  Bytes overflow_;  ///< what append() had no room for
};

}  // namespace bulkhead::detail
