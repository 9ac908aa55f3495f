#pragma once

#include <cxxabi.h>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/detail/shared_memory.h>
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
    const detail::ReferencesApart of_the_result;  // A result takes none along.
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

/// Runs code of the user's; nullopt, or what it threw.
// GCC's forced unwinding gives the handler no object, so that naming its type binds a null
// reference.
template <class F>
[[gnu::no_sanitize_undefined]] std::optional<Thrown> run_guarded(F code) {
  try {
    code();
    return std::nullopt;
  } catch (const ThrowObserver&) {
    throw;  // It is never caught.
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit is no exception, and must not be swallowed.
  } catch (...) {
    return describe_current_throw();
  }
}

/// Runs one call, whose result is encoded into `result`; nullopt, or what was thrown.
std::optional<Thrown> run_call(LoadedCallable& callable, std::span<const std::byte> arguments,
                               Encoder& result);

}  // namespace bulkhead::executors
