#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "records/weight.h"

namespace bulkhead::records {

/// The texts of a table and their weights, as they cross from a worker to the program.
struct PackedCounts {
  std::string texts = {};  ///< one after the other
  std::vector<std::uint32_t> lengths = {};
  std::vector<Weight> weights = {};

  void add(std::string_view text, Weight weight) {
    texts += text;
    lengths.push_back(static_cast<std::uint32_t>(text.size()));
    weights.push_back(weight);
  }
};

/// The order of rankings: the most hits first, texts with the same number in bytewise order.
template <class Row>
bool ranks_before(const Row& a, const Row& b) {
  return std::tie(b.weight.hits, a.text) < std::tie(a.weight.hits, b.text);
}

/// How often each of many texts came. Open addressing, the texts in one piece of memory.
/// Texts are told apart by 64 bits of a hash besides those that choose the slot, so that to count
/// one more costs one look into memory: in a billion counts the odds of mixing two up are below one
/// in a thousand million. The hash has a seed of its own in each process, so that nobody can choose
/// texts that collide.
class TextCounts {
 public:
  struct Row {
    std::string_view text = {};
    Weight weight = {};
  };
  /// A text, with its hash.
  struct Key {
    std::string_view text = {};
    std::uint64_t slot = 0;
    std::uint64_t tag = 0;
  };

  static Key key_of(std::string_view text);
  /// Asks for the memory that add() will look at: worth it some hundred instructions before.
  void prefetch(const Key& key) const { __builtin_prefetch(&slots_[key.slot & mask()]); }

  /// Returns the place of the text: 0, 1, 2, ... in the order of first sight.
  std::uint32_t add(const Key& key, Weight weight);
  std::uint32_t add(std::string_view text, Weight weight) { return add(key_of(text), weight); }

  std::size_t size() const { return entries_.size(); }
  std::string_view text(std::uint32_t place) const;
  /// Of all texts and slots in memory.
  std::size_t bytes() const;

  /// The `count` texts that rank before the others, in that order.
  std::vector<Row> top(std::size_t count) const;

  PackedCounts packed() const;
  /// Of the texts for which holds(text).
  template <class Holds>
  PackedCounts packed_if(Holds holds) const {
    PackedCounts packed;
    for (const Row& row : rows()) {
      if (holds(row.text)) {
        packed.add(row.text, row.weight);
      }
    }
    return packed;
  }
  void add(const PackedCounts& other) {
    add_if(other, [](std::string_view) { return true; });
  }
  /// Only the texts for which holds(text).
  template <class Holds>
  void add_if(const PackedCounts& other, Holds holds) {
    std::string_view rest = other.texts;
    const std::size_t count = std::min(other.lengths.size(), other.weights.size());
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view text = rest.substr(0, other.lengths[i]);
      if (holds(text)) {
        add(text, other.weights[i]);
      }
      rest.remove_prefix(text.size());
    }
  }

 private:
  struct Slot {
    std::uint64_t tag = 0;
    Weight weight = {};
    std::uint32_t next_place = 0;  // a place plus one; 0: free
  };
  struct Entry {
    std::uint64_t offset = 0;  // in texts_
    std::uint64_t slot = 0;    // of its key
    std::uint32_t length = 0;
  };

  std::size_t mask() const { return slots_.size() - 1; }
  std::vector<Row> rows() const;
  void grow();

  std::string texts_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);

  static constexpr std::size_t kFirstSlots = 64;
};

}  // namespace bulkhead::records
