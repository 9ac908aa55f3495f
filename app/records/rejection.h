#pragma once

#include <cstdint>
#include <string>

namespace bulkhead::records {

/// A record that could not be used.
struct Rejection {
  std::uint32_t file = 0;    ///< its place among the inputs
  std::uint64_t number = 0;  ///< of the record in its portion, from 1
  std::uint64_t offset = 0;  ///< of its first byte in the file, or in what is packed in it
  std::string reason = {};
  std::string raw = {};  ///< the record itself, its first bytes at least
};

/// What became of records. In the end each is one of: out, filtered, duplicate, rejected.
struct RecordCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t filtered = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t rejected = 0;
  std::uint64_t repaired = 0;  ///< of those that are not rejected

  RecordCounts& operator+=(const RecordCounts& other) {
    in += other.in;
    out += other.out;
    filtered += other.filtered;
    duplicate += other.duplicate;
    rejected += other.rejected;
    repaired += other.repaired;
    return *this;
  }
  bool is_balanced() const { return in == out + filtered + duplicate + rejected; }
};

}  // namespace bulkhead::records
