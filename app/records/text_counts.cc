#include "records/text_counts.h"

#include <algorithm>
#include <random>
#include <tuple>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace bulkhead::records {
namespace {

std::uint64_t hash_of(std::string_view text) {
  static const std::uint64_t kSeed = std::random_device()();
  return ::XXH3_64bits_withSeed(text.data(), text.size(), kSeed);
}

// The low bits choose the slot, the high ones are the tag.
std::uint32_t tag_of(std::uint64_t hash) {
  constexpr unsigned kTagBits = 32;
  return static_cast<std::uint32_t>(hash >> kTagBits);
}

bool comes_before(const TextCounts::Row& a, const TextCounts::Row& b) {
  return std::tie(b.weight.hits, a.text) < std::tie(a.weight.hits, b.text);
}

}  // namespace

std::uint32_t TextCounts::add(std::string_view text, Weight weight) {
  const std::uint64_t hash = hash_of(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.next_place == 0) {
      slot = {tag_of(hash), static_cast<std::uint32_t>(entries_.size()) + 1};
      break;
    }
    Entry& entry = entries_[slot.next_place - 1];
    if (slot.tag == tag_of(hash) &&
        std::string_view(texts_).substr(entry.offset, entry.length) == text) {
      entry.weight += weight;
      return slot.next_place - 1;
    }
  }
  entries_.push_back({texts_.size(), static_cast<std::uint32_t>(text.size()), weight});
  texts_ += text;
  if (entries_.size() * 2 > slots_.size()) {
    grow();
  }
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

TextCounts::Row TextCounts::row(std::uint32_t place) const {
  const Entry& entry = entries_[place];
  return {std::string_view(texts_).substr(entry.offset, entry.length), entry.weight};
}

std::size_t TextCounts::bytes() const {
  return texts_.capacity() + entries_.capacity() * sizeof(Entry) + slots_.size() * sizeof(Slot);
}

std::vector<TextCounts::Row> TextCounts::top(std::size_t count) const {
  std::vector<Row> rows;
  rows.reserve(entries_.size());
  for (std::uint32_t place = 0; place < entries_.size(); ++place) {
    rows.push_back(row(place));
  }
  count = std::min(count, rows.size());
  std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(count), comes_before);
  rows.resize(count);
  return rows;
}

PackedCounts TextCounts::packed() const {
  PackedCounts packed{.texts = texts_};
  packed.lengths.reserve(entries_.size());
  packed.weights.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    packed.lengths.push_back(entry.length);
    packed.weights.push_back(entry.weight);
  }
  return packed;
}

void TextCounts::add(const PackedCounts& other) {
  std::string_view rest = other.texts;
  const std::size_t count = std::min(other.lengths.size(), other.weights.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t length = std::min<std::size_t>(other.lengths[i], rest.size());
    add(rest.substr(0, length), other.weights[i]);
    rest.remove_prefix(length);
  }
}

void TextCounts::grow() {
  slots_.assign(slots_.size() * 2, {});
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t place = 0; place < entries_.size(); ++place) {
    const std::uint64_t hash = hash_of(row(place).text);
    std::size_t at = hash & mask;
    while (slots_[at].next_place != 0) {
      at = (at + 1) & mask;
    }
    slots_[at] = {tag_of(hash), place + 1};
  }
}

}  // namespace bulkhead::records
