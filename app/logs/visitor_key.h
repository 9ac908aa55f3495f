#pragma once

#include <cstdint>

namespace bulkhead::logs {

/// Tells visitors apart: a hash of 128 bits of client, day and user agent, with a seed of the
/// run.
struct VisitorKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const VisitorKey&, const VisitorKey&) = default;
};

}  // namespace bulkhead::logs
