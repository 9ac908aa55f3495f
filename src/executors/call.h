#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/error.h>

#include "executors/thrown.h"

namespace bulkhead::executors {

/// A callable brought to life in the process that runs it.
class LoadedCallable {
 public:
  /// Throws SerializationError.
  LoadedCallable(detail::CallableName name, std::span<const std::byte> closure)
      : code_(&name()), callable_(load(*code_, closure), code_->unload) {}

  void invoke(Decoder& arguments, Encoder& result) {
    code_->invoke(callable_.get(), arguments, result);
  }

 private:
  static void* load(const detail::CallableCode& code, std::span<const std::byte> closure) {
    Decoder in(closure);
    return code.load(in);
  }

  const detail::CallableCode* code_;
  std::unique_ptr<void, void (*)(void*) noexcept> callable_;
};

/// Runs one call, whose result is encoded into `result`; nullopt, or what was thrown.
std::optional<Thrown> run_call(LoadedCallable& callable, std::span<const std::byte> arguments,
                               Encoder& result);

}  // namespace bulkhead::executors
