#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "records/weight.h"

namespace bulkhead::records {

/// The texts of a table and their weights, as they cross from a worker to the program.
struct PackedCounts {
  std::string texts = {};  ///< one after the other
  std::vector<std::uint32_t> lengths = {};
  std::vector<Weight> weights = {};
};

/// How often each of many texts came. Open addressing, the texts in one piece of memory; the hash
/// has a seed of its own in each process, so that nobody can choose texts that collide.
class TextCounts {
 public:
  struct Row {
    std::string_view text = {};
    Weight weight = {};
  };

  /// Returns the place of the text: 0, 1, 2, ... in the order of first sight.
  std::uint32_t add(std::string_view text, Weight weight);

  std::size_t size() const { return entries_.size(); }
  Row row(std::uint32_t place) const;
  /// Of all texts and places in memory.
  std::size_t bytes() const;

  /// The `count` texts with the most hits; those with the same number in bytewise order.
  std::vector<Row> top(std::size_t count) const;

  PackedCounts packed() const;
  void add(const PackedCounts& other);

 private:
  struct Entry {
    std::uint64_t offset = 0;  // in texts_
    std::uint32_t length = 0;
    Weight weight = {};
  };
  // A place plus one, and a part of the hash of its text, so that few wrong texts are looked at.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t next_place = 0;  // 0: free
  };

  void grow();

  std::string texts_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);

  static constexpr std::size_t kFirstSlots = 64;
};

}  // namespace bulkhead::records
