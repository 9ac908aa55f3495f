#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace bulkhead {

/// How far a map is, at one moment: what MapRange::progress() tells.
struct MapProgress {
  std::uint64_t taken = 0;     ///< items that were taken from the input
  std::uint64_t finished = 0;  ///< those of them that are over
  std::uint64_t failed = 0;    ///< those of them that have no value, cancelled ones too
  /// Items of the whole input, which is known if each of its ranges has a size or no end, and when
  /// no more are taken. nullopt: not known.
  std::optional<std::uint64_t> total{};
  /// Since the call of map(), up to the delivery of the last outcome.
  std::chrono::nanoseconds elapsed{0};

  /// Items that ended, of all the time so far; 0 at the beginning.
  double items_per_second() const noexcept;

  /// How long the rest will take, at the speed so far; nullopt: nobody can tell, because the total
  /// is not known or no item is over.
  std::optional<std::chrono::nanoseconds> remaining() const noexcept;
};

}  // namespace bulkhead
