#include <bulkhead/detail/callable.h>
#include <bulkhead/error.h>

#include "os/code_address.h"
#include "os/large_memory.h"
#include "os/threads.h"

namespace bulkhead {

void Decoder::fail() {
  throw SerializationError("the bytes end before the value does");
}

namespace detail {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): said by whoever runs calls
constinit thread_local std::atomic<std::uint8_t>* phase_mark = nullptr;
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the same
constinit thread_local std::atomic<std::uint64_t>* item_mark = nullptr;

void expect_filling(void* start, std::size_t bytes) noexcept {
  os::prefer_huge_pages(start, bytes);
}

void encode_code_address(Encoder& out, const void* address) {
  const auto name = os::name_code(address);
  if (!name) {
    throw SerializationError("the function lies in no loaded module");
  }
  out(*name);
}

const void* decode_code_address(Decoder& in) {
  const auto address = os::find_code(decode<os::CodeAddress>(in));
  if (!address) {
    throw SerializationError("the function's module is not loaded in the worker");
  }
  return *address;
}

void check_capture(std::span<const std::byte> closure) {
  const auto stack = os::stack_in_use();
  for (std::size_t at = 0; at + sizeof(void*) <= closure.size(); at += alignof(void*)) {
    const std::byte* word = nullptr;
    std::memcpy(&word, closure.data() + at, sizeof word);
    if (!std::less<>()(word, stack.data()) && std::less<>()(word, stack.data() + stack.size())) {
      throw UnsafeCapture(
          "the function object holds an address on the caller's stack at byte " +
          std::to_string(at) +
          ", which means nothing in a worker: capture by value, or pass the value as an argument");
    }
  }
}

}  // namespace detail
}  // namespace bulkhead
