#include <string>

#include <bulkhead/detail/callable.h>
#include <bulkhead/error.h>

#include "os/code_address.h"
#include "os/large_memory.h"
#include "os/modules.h"
#include "os/threads.h"

namespace bulkhead {

void Decoder::fail() {
  throw SerializationError("the bytes end before the value does");
}

void Encoder::fail_too_large() {
  throw SerializationError("a value has more than the 8 GiB that can travel");
}

namespace detail {

namespace {

/// The program may have loaded the library after the worker was forked, or before the worker was
/// executed anew: then it is loaded here now. Throws SerializationError if there is none of this
/// build.
void require_module(std::uint64_t module, const std::string& file, const std::string& build) {
  if (os::module_file(module).empty()) {
    if (const auto loaded = os::load_module(file); !loaded) {
      throw SerializationError("the worker cannot load the function's module: " + loaded.error());
    }
  }
  if (const std::string here = os::build_id(module); here != build) {
    throw SerializationError("the function's module " + file +
                             " is another build in the worker: " + here + " instead of " + build);
  }
}

}  // namespace

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
  if (name->module != os::kProgram) {
    out(os::module_file(name->module), os::build_id(name->module));
  }
}

const void* decode_code_address(Decoder& in) {
  const auto name = decode<os::CodeAddress>(in);
  if (name.module != os::kProgram) {
    const auto file = decode<std::string>(in);
    require_module(name.module, file, decode<std::string>(in));
  }
  const auto address = os::find_code(name);
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
