#include "executors/call.h"

namespace bulkhead::executors {

std::optional<Thrown> run_call(LoadedCallable& callable, std::span<const std::byte> arguments,
                               Encoder& result) {
  return run_guarded([&] {
    Decoder in(arguments);
    callable.invoke(in, result);
  });
}

}  // namespace bulkhead::executors
