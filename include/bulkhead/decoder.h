#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace bulkhead {

/// Reads values back, in the order in which they were written. Every read is checked against the
/// end of the bytes and throws SerializationError there: the bytes may come from a hostile worker.
class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : rest_(bytes) {}

  void raw(void* data, std::size_t size) {
    const auto bytes = take(size);
    if (size != 0) {
      std::memcpy(data, bytes.data(), size);
    }
  }
  std::span<const std::byte> take(std::size_t size) {
    if (size > rest_.size()) {
      fail();
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  /// A number of elements of at least `element_size` bytes each, 1 or more, that the rest can hold.
  std::size_t count(std::size_t element_size) {
    std::uint64_t elements = 0;
    raw(&elements, sizeof elements);
    if (elements > rest_.size() / element_size) {
      fail();
    }
    return static_cast<std::size_t>(elements);
  }
  std::size_t bytes_left() const noexcept { return rest_.size(); }
  /// Decodes into each value in turn; what a serialize() member calls.
  template <class... T>
  void operator()(T&... values);

  [[noreturn]] static void fail();

  /// One container inside another, for as long as it lives. Limited, because a type that contains
  /// itself could otherwise be nested until the stack overflows.
  class Nesting {
   public:
    explicit Nesting(Decoder& in) : in_(in) {
      if (++in_.depth_ > kMaxDepth) {
        fail();
      }
    }
    ~Nesting() { --in_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    static constexpr int kMaxDepth = 1000;
    Decoder& in_;
  };

 private:
  std::span<const std::byte> rest_;
  int depth_ = 0;
};

}  // namespace bulkhead
