#include "executors/sent_function.h"

#include <utility>

#include <bulkhead/detail/phase.h>

namespace bulkhead::executors {

std::optional<Thrown> SentFunction::call(std::span<const std::byte> arguments, Encoder& result) {
  if (!callable_ && !refusal_) {
    detail::mark(TaskPhase::Decode);
    refusal_ = run_guarded([this] { load(); });
  }
  return refusal_ ? refusal_ : run_call(*callable_, arguments, result);
}

void SentFunction::load() {
  const Bytes definition = std::exchange(definition_, {});
  Decoder in(definition);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the address of code, made by encode_code_address
  const auto name =
      reinterpret_cast<detail::CallableName>(const_cast<void*>(detail::decode_code_address(in)));
  callable_.emplace(name, in.take(in.count(1)));
}

}  // namespace bulkhead::executors
