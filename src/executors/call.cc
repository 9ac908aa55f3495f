#include "executors/call.h"

#include <cxxabi.h>

#include "futures/exception_capture.h"

namespace bulkhead::executors {

// GCC's forced unwinding gives the handler no object, so that naming its type binds a null
// reference.
[[gnu::no_sanitize_undefined]] std::optional<std::vector<RemoteWhat>> run_call(
    LoadedCallable& callable, std::span<const std::byte> arguments, Bytes& result) {
  result.clear();
  try {
    Decoder in(arguments);
    Encoder out(result);
    callable.invoke(in, out);
    return std::nullopt;
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit is no exception, and must not be swallowed.
  } catch (...) {
    return detail::describe_current_exception();
  }
}

}  // namespace bulkhead::executors
