#include <algorithm>
#include <sstream>

#include <bulkhead/map.h>

#include "executors/task_batch.h"

namespace bulkhead::detail {

namespace {

/// A million failures are kept in memory, perhaps.
constexpr std::size_t kMostBytes = 1000;

std::string printed(const MapInput& input, std::span<const std::byte> item) {
  std::ostringstream out;
  try {
    Decoder in(item);
    input.print(out, in);
  } catch (...) {
    return "?";  // The program's own << or type has thrown: the failure is what matters.
  }
  std::string text = std::move(out).str();
  text.resize(std::min(text.size(), kMostBytes));
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
  return text;
}

}  // namespace

Failure with_item(Failure failure, const OutcomeRun& run, const EncodedOutcome& outcome) {
  if (run.batch != nullptr && run.input != nullptr && !run.batch->is_of_groups()) {
    failure.input = printed(*run.input, run.batch->item_at(run.index_of(outcome)));
  }
  return failure;
}

}  // namespace bulkhead::detail
