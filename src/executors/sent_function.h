#pragma once

#include <optional>
#include <span>

#include <bulkhead/codec.h>

#include "executors/call.h"
#include "executors/thrown.h"

namespace bulkhead::executors {

/// A function that this worker was sent: its definition until the first call, then the function
/// itself. It is built as a part of that call, because this runs code of the user's: a bound value
/// whose decoding crashes or does not end is the matter of a task, which is blamed or stopped.
class SentFunction {
 public:
  /// What a frame Define holds.
  explicit SentFunction(Bytes definition) : definition_(std::move(definition)) {}

  /// Runs one call, whose result is encoded into `result`; nullopt, or what was thrown. What was
  /// thrown when it was built is thrown by all its calls.
  std::optional<Thrown> call(std::span<const std::byte> arguments, Encoder& result);

 private:
  void load();

  Bytes definition_;  ///< empty after the first call
  std::optional<LoadedCallable> callable_{};
  std::optional<Thrown> refusal_{};  ///< why it cannot be built
};

}  // namespace bulkhead::executors
