#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/shared_memory.h>

namespace bulkhead {

namespace detail {

template <class T>
concept SharedText = is_a<T, std::basic_string>;
template <class T>
concept SharedBlock = SharedText<T> || FlatVector<T>;

/// How a shared value of type T is seen: text and vectors of flat elements where they lie, others
/// as a T.
template <class T>
struct SharedView {
  using Type = const T&;
};
template <SharedText T>
struct SharedView<T> {
  using Type = std::basic_string_view<typename T::value_type>;
};
template <FlatVector T>
struct SharedView<T> {
  using Type = std::span<const typename T::value_type>;
};

template <class T>
std::shared_ptr<const void> make_shared_value(std::span<const std::byte> encoded) {
  Decoder in(encoded);
  return std::make_shared<const T>(decode<T>(in));
}

}  // namespace detail

/// A value that is sent to each worker at most once, however many tasks use it: a handle, whose
/// copies are cheap and share it. As an argument, or bound by partial(), it costs eight bytes.
///
///   const bulkhead::Shared<std::vector<float>> table(compute());
///   executor.map(bulkhead::partial(look_up, table), keys);     // float look_up(Shared<...>, Key)
///
/// The value lies in sealed memory (memfd) that nobody can change. `std::string` is seen as a
/// `std::string_view`, `std::vector` of flat elements as a `std::span`, a flat class as itself, all
/// where they lie: a worker reads them without a copy. A value of any other type of codec.h is
/// decoded once in each process that looks at it.
///
/// It is dropped when the last handle and the last task that has one are gone; the workers of a
/// pool drop it when that pool is next used. Any number of threads may use one handle. A handle can
/// be passed on by a worker to a pool of its own, and come back as a result.
template <class T>
class Shared {
  static_assert(Transferable<T>,
                "bulkhead: a value of this type cannot be shared: pointers, "
                "references, views and locks mean nothing in another process");

 public:
  /// `std::string_view`, `std::span<const U>` or `const T&`; valid while a handle is left.
  using View = typename detail::SharedView<T>::Type;

  /// An empty handle, to be assigned to.
  Shared() = default;

  /// Copies the value. Throws SerializationError when there is no memory for it.
  explicit Shared(View value) : memory_(detail::make_shared_memory(content_of(value))) {}

  View operator*() const {
    assert(memory_);
    const auto bytes = detail::bytes_of(*memory_);
    if constexpr (detail::SharedBlock<T>) {
      using Item = typename T::value_type;
      return View(reinterpret_cast<const Item*>(bytes.data()), bytes.size() / sizeof(Item));
    } else if constexpr (detail::Flat<T>) {
      return *reinterpret_cast<const T*>(bytes.data());
    } else {
      return *static_cast<const T*>(
          detail::decoded(*memory_, typeid(T), &detail::make_shared_value<T>));
    }
  }

  auto operator->() const { return Arrow{**this}; }

  explicit operator bool() const noexcept { return memory_ != nullptr; }

  template <class Archive>
  void serialize(Archive& archive) {
    if constexpr (std::same_as<Archive, Encoder>) {
      archive(memory_ ? detail::refer_to(memory_) : std::uint64_t{0});
    } else {
      std::uint64_t id = 0;
      archive(id);
      memory_ = id == 0 ? nullptr : detail::find_shared_memory(id);
      if (memory_ && !fits(detail::bytes_of(*memory_).size())) {
        memory_ = nullptr;
        Decoder::fail();
      }
    }
  }

 private:
  struct Arrow {
    View view;
    auto operator->() const { return std::addressof(view); }
  };

  /// The bytes in memory of what is read in place, the encoded value of others.
  static auto content_of(View value) {
    if constexpr (detail::SharedBlock<T>) {
      return std::as_bytes(std::span(value.data(), value.size()));
    } else if constexpr (detail::Flat<T>) {
      return std::as_bytes(std::span(&value, 1));
    } else {
      Bytes encoded;
      Encoder out(encoded, SIZE_MAX);  // It does not travel, its descriptor does.
      out(value);
      return encoded;
    }
  }
  /// The number comes from another process, and may be that of something else.
  static constexpr bool fits(std::size_t bytes) {
    if constexpr (detail::SharedBlock<T>) {
      return bytes % sizeof(typename T::value_type) == 0;
    } else if constexpr (detail::Flat<T>) {
      return bytes == sizeof(T);
    } else {
      return true;
    }
  }

  detail::SharedReference memory_;
};

template <class T>
Shared(const T&) -> Shared<T>;

/// Shares a value: see Shared.
template <class T>
Shared<T> share(const T& value) {
  return Shared<T>(value);
}

}  // namespace bulkhead
