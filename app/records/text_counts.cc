#include "records/text_counts.h"

#include <algorithm>

#include "records/random_seed.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace bulkhead::records {
TextCounts::Key TextCounts::key_of(std::string_view text) {
  static const std::uint64_t kSeed = random_seed();
  const XXH128_hash_t hash = ::XXH3_128bits_withSeed(text.data(), text.size(), kSeed);
  return {text, hash.low64, hash.high64};
}

std::uint32_t TextCounts::add(const Key& key, Weight weight) {
  std::size_t at = key.slot & mask();
  while (slots_[at].next_place != 0) {
    Slot& slot = slots_[at];
    if (slot.tag == key.tag) {
      slot.weight += weight;
      return slot.next_place - 1;
    }
    at = (at + 1) & mask();
  }
  entries_.push_back({texts_.size(), key.slot, static_cast<std::uint32_t>(key.text.size())});
  texts_ += key.text;
  const auto next_place = static_cast<std::uint32_t>(entries_.size());
  slots_[at] = {key.tag, weight, next_place};
  if (entries_.size() * 2 > slots_.size()) {
    grow();
  }
  return next_place - 1;
}

std::string_view TextCounts::text(std::uint32_t place) const {
  return std::string_view(texts_).substr(entries_[place].offset, entries_[place].length);
}

std::size_t TextCounts::bytes() const {
  return texts_.capacity() + entries_.capacity() * sizeof(Entry) + slots_.size() * sizeof(Slot);
}

std::vector<TextCounts::Row> TextCounts::rows() const {
  std::vector<Row> rows(entries_.size());
  for (const Slot& slot : slots_) {
    if (slot.next_place != 0) {
      rows[slot.next_place - 1] = {text(slot.next_place - 1), slot.weight};
    }
  }
  return rows;
}

std::vector<TextCounts::Row> TextCounts::top(std::size_t count) const {
  std::vector<Row> all = rows();
  count = std::min(count, all.size());
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count),
                            ranks_before<Row>);
  all.resize(count);
  return all;
}

PackedCounts TextCounts::packed() const {
  PackedCounts packed{.texts = texts_};
  packed.lengths.reserve(entries_.size());
  packed.weights.reserve(entries_.size());
  for (const Row& row : rows()) {
    packed.lengths.push_back(static_cast<std::uint32_t>(row.text.size()));
    packed.weights.push_back(row.weight);
  }
  return packed;
}

void TextCounts::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.next_place == 0) {
      continue;
    }
    std::size_t at = entries_[slot.next_place - 1].slot & mask();
    while (slots_[at].next_place != 0) {
      at = (at + 1) & mask();
    }
    slots_[at] = slot;
  }
}

}  // namespace bulkhead::records
