#pragma once

#include <cstdint>

namespace bulkhead::records {

/// How often something came, and how many bytes went with it.
struct Weight {
  std::uint64_t hits = 0;
  std::uint64_t bytes = 0;

  Weight& operator+=(const Weight& other) {
    hits += other.hits;
    bytes += other.bytes;
    return *this;
  }
  friend bool operator==(const Weight&, const Weight&) = default;
};

}  // namespace bulkhead::records
