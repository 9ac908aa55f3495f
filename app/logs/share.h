#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "logs/visitor_key.h"

namespace bulkhead::logs {

/// A part of all texts and visitors: what one pass over the logs counts when all do not fit into
/// memory. All shares together are everything, and none overlap.
struct Share {
  std::uint32_t number = 0;  ///< of `count`, from 0
  std::uint32_t count = 1;
  std::uint64_t seed = 0;  ///< of all hashes; the same in a whole run, and nobody else knows it

  bool is_all() const { return count == 1; }
  bool holds(std::string_view text) const;
  bool holds(const VisitorKey& visitor) const { return visitor.high % count == number; }

  /// Two shares that together are this one.
  std::pair<Share, Share> halves() const {
    return {{number, 2 * count, seed}, {number + count, 2 * count, seed}};
  }
};

}  // namespace bulkhead::logs
