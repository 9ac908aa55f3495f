#include "executors/call.h"

#include <cxxabi.h>

namespace bulkhead::executors {

// GCC's forced unwinding gives the handler no object, so that naming its type binds a null
// reference.
[[gnu::no_sanitize_undefined]] std::optional<Thrown> run_call(LoadedCallable& callable,
                                                              std::span<const std::byte> arguments,
                                                              Encoder& result) {
  try {
    Decoder in(arguments);
    callable.invoke(in, result);
    return std::nullopt;
  } catch (const ThrowObserver&) {
    throw;  // It is never caught.
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit is no exception, and must not be swallowed.
  } catch (...) {
    return describe_current_throw();
  }
}

}  // namespace bulkhead::executors
