#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace bulkhead {

using Bytes = std::vector<std::byte>;

namespace detail {
/// Makes `bytes` that are about to be filled cheap to fill: a hint, without effect on small ones.
void expect_filling(void* start, std::size_t bytes) noexcept;
}  // namespace detail

/// Appends values to a buffer that it does not own.
class Encoder {
 public:
  /// More than this, which is nearly 8 GiB, travels to no worker and back from none.
  static constexpr std::size_t kMostBytes = (std::size_t{1} << 33U) - (std::size_t{1} << 16U);

  /// Throws SerializationError when there are to be more than `most` bytes.
  explicit Encoder(Bytes& out, std::size_t most = kMostBytes) : out_(out), most_(most) {}
  /// Writes into `room` while everything fits there. Once it does not, all that was written moves
  /// to `overflow`, which must be empty before, and the rest follows it, up to kMostBytes.
  Encoder(std::span<std::byte> room, Bytes& overflow)
      : out_(overflow), first_(room.data()), at_(first_), end_(first_ + room.size()) {}

  void raw(const void* data, std::size_t size) {
    if (size == 0) {
      return;  // There may be no data to point to.
    }
    if (size <= static_cast<std::size_t>(end_ - at_)) {
      std::memcpy(at_, data, size);
      at_ += size;
    } else {
      append(data, size);
    }
  }
  void count(std::size_t elements) {
    const std::uint64_t wide = elements;
    raw(&wide, sizeof wide);
  }
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - first_) + out_.size(); }
  /// Nothing had to move to the overflow.
  bool is_in_room() const noexcept { return out_.empty(); }
  /// Encodes each value in turn; what a serialize() member calls.
  template <class... T>
  void operator()(const T&... values);

 private:
  [[noreturn]] static void fail_too_large();

  void append(const void* data, std::size_t size) {
    if (size > most_ - std::min(most_, this->size())) {
      fail_too_large();
    }
    out_.insert(out_.end(), first_, at_);
    first_ = at_ = end_ = nullptr;
    if (size > out_.capacity() - out_.size()) {
      out_.reserve(out_.size() + std::max(out_.size(), size));
      detail::expect_filling(out_.data() + out_.size(), size);
    }
    const auto* first = static_cast<const std::byte*>(data);
    out_.insert(out_.end(), first, first + size);
  }

  Bytes& out_;
  std::byte* first_ = nullptr;  ///< the room, [first_, at_) of it written; empty after an overflow
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  std::size_t most_ = kMostBytes;
};

}  // namespace bulkhead
