#include "thumbjpeg/huffman.h"

#include <algorithm>
#include <span>

#include "thumbjpeg/bit_window.h"
#include "thumbjpeg/block_state.h"

namespace thumbjpeg {

namespace {

constexpr int kMaxCodeBits = 16;
constexpr int kEndOfBlockRun = 15;  // A run below it without a value ends the block.

// What the coefficients of 8-bit samples need (T.81, tables F.1 and F.2).
constexpr int kMaxDcSize = 11;
constexpr int kMaxAcSize = 10;

// A mixed collection has a pair or two for each camera; each takes 25 KB.
constexpr std::size_t kMaxTablesKept = 16;

SkipEntry skip_entry(const Symbol& symbol) {
  const auto advance =
      symbol.is_end ? kEndOfBlockAdvance : static_cast<std::uint32_t>(symbol.run + 1);
  return static_cast<SkipEntry>(advance << kStateShift | static_cast<std::uint32_t>(symbol.bits()));
}

constexpr SkipEntry kUnknownCode = kUnknownAdvance << kStateShift;

/// The tables of all windows of up to kSkipIndexBits bits: each entry steps over as many symbols as
/// have their codes within its window. Built from the short windows to the long ones, as what
/// follows the first symbol is an entry of a shorter window.
class SkipTables {
 public:
  explicit SkipTables(const HuffmanCode& ac) : ac_(ac) {
    has_room_ = longest_advance() <= kMaxAdvanceOfEntry;
    for (int bits = 1; bits <= kSkipIndexBits; ++bits) {
      fill(ac_, bits, window(bits), bits == kSkipIndexBits ? kUnknownCode : SkipEntry{0});
    }
  }

  std::span<const SkipEntry> longest() { return window(kSkipIndexBits); }

  /// A table whose first symbol is of another code.
  void fill_behind(const HuffmanCode& first, std::span<SkipEntry> table) {
    fill(first, kSkipIndexBits, table, kUnknownCode);
  }

 private:
  std::span<SkipEntry> window(int bits) {
    return std::span(entries_).subspan(std::size_t{1} << bits, std::size_t{1} << bits);
  }

  /// The most coefficients that the symbols of one window can pass.
  std::uint32_t longest_advance() const {
    std::array<std::uint32_t, kSkipIndexBits + 1> longest{};
    for (int bits = 1; bits <= kSkipIndexBits; ++bits) {
      for (const auto& entry : ac_.entries()) {
        const Symbol symbol = ac_.meaning(entry);
        if (entry.code_bits > bits || symbol.code_bits == 0 || symbol.is_end) {
          continue;
        }
        const int left = std::max(0, bits - symbol.bits());
        longest[std::size_t(bits)] =
            std::max(longest[std::size_t(bits)],
                     static_cast<std::uint32_t>(symbol.run + 1) + longest[std::size_t(left)]);
      }
    }
    return longest[kSkipIndexBits];
  }

  void fill(const HuffmanCode& code, int bits, std::span<SkipEntry> table, SkipEntry unknown) {
    std::size_t filled = 0;
    for (const auto& entry : code.entries()) {
      if (entry.code_bits > bits) {
        break;
      }
      const std::size_t count = std::size_t{1} << (bits - entry.code_bits);
      fill_symbol(code.meaning(entry), bits, table.subspan(filled, count), unknown);
      filled += count;
    }
    std::ranges::fill(table.subspan(filled), unknown);
  }

  void fill_symbol(const Symbol& symbol, int bits, std::span<SkipEntry> table, SkipEntry unknown) {
    const int left = bits - symbol.bits();
    if (symbol.code_bits == 0) {
      std::ranges::fill(table, unknown);
    } else if (symbol.is_end || left <= 0 || !has_room_) {
      std::ranges::fill(table, skip_entry(symbol));
    } else {
      const auto behind = window(left);
      const SkipEntry first = skip_entry(symbol);
      std::transform(behind.begin(), behind.end(), table.begin(),
                     [first](SkipEntry entry) { return static_cast<SkipEntry>(first + entry); });
      // The same for every value of the extra bits.
      for (std::size_t done = behind.size(); done < table.size(); done *= 2) {
        std::copy_n(table.begin(), done, table.begin() + static_cast<std::ptrdiff_t>(done));
      }
    }
  }

  const HuffmanCode& ac_;
  bool has_room_ = true;
  std::array<SkipEntry, std::size_t{2} << kSkipIndexBits> entries_{};
};

ValueEntry value_entry(const Symbol& symbol, std::uint32_t code, bool is_negative) {
  const int advance = symbol.is_end ? kEndAdvance : symbol.run + 1;
  const std::uint32_t below = is_negative ? (1U << symbol.size) - 1 : 0;
  const std::uint32_t offset = -((code << symbol.size) + below);
  return offset << kOffsetShift | static_cast<std::uint32_t>(advance << kAdvanceShift) |
         static_cast<std::uint32_t>(symbol.bits());
}

/// A symbol's part of the table: the extra bits begin with a zero where the value is negative.
void fill_value(const Symbol& symbol, std::uint32_t code, std::span<ValueEntry> part) {
  const bool is_sign_seen = symbol.size == 0 || part.size() > 1;
  if (symbol.code_bits == 0 || !is_sign_seen) {
    std::ranges::fill(part, kUnknownValue);
    return;
  }
  const std::size_t negative = symbol.size == 0 ? 0 : part.size() / 2;
  std::ranges::fill(part.first(negative), value_entry(symbol, code, true));
  std::ranges::fill(part.subspan(negative), value_entry(symbol, code, false));
}

void fill_values(const HuffmanCode& code, std::span<ValueEntry> table) {
  std::size_t filled = 0;
  for (const auto& entry : code.entries()) {
    if (entry.code_bits > kValueIndexBits) {
      break;
    }
    const int free_bits = kValueIndexBits - entry.code_bits;
    const std::size_t count = std::size_t{1} << free_bits;
    fill_value(code.meaning(entry), static_cast<std::uint32_t>(filled >> free_bits),
               table.subspan(filled, count));
    filled += count;
  }
  std::ranges::fill(table.subspan(filled), kUnknownValue);
}

std::shared_ptr<const CoderTables> build_tables(const HuffmanSpec& dc, const HuffmanSpec& ac) {
  auto tables = std::make_shared<CoderTables>();
  tables->dc = HuffmanCode(dc, HuffmanCode::Kind::Dc);
  tables->ac = HuffmanCode(ac, HuffmanCode::Kind::Ac);
  SkipTables skips(tables->ac);
  const std::span skip_entries(tables->skips);
  skips.fill_behind(tables->dc, skip_entries.first(skip_entries.size() / 2));
  std::ranges::copy(skips.longest(), skip_entries.last(skip_entries.size() / 2).begin());
  const std::span values(tables->values);
  fill_values(tables->ac, values.first(values.size() / 2));
  fill_values(tables->dc, values.last(values.size() / 2));
  return tables;
}

}  // namespace

std::int32_t Symbol::value(std::uint64_t window) const {
  return extended(window >> (-bits() & 63), static_cast<std::uint32_t>(size));
}

CodedMean CoderTables::find_mean(std::uint64_t window) const {
  const ValueEntry entry = dc_values()[window >> (64 - kValueIndexBits)];
  if (entry != kUnknownValue) {
    return {static_cast<int>(entry & 63), value_of(entry, window)};
  }
  const Symbol symbol = dc.find(window);
  return symbol.code_bits == 0 ? CodedMean{} : CodedMean{symbol.bits(), symbol.value(window)};
}

HuffmanCode::HuffmanCode(const HuffmanSpec& spec, Kind kind) : kind_(kind) {
  std::uint32_t code = 0;
  for (std::size_t bits = 1; bits <= kMaxCodeBits; ++bits) {
    offsets_[bits] = static_cast<std::uint32_t>(entries_.size()) - code;
    for (int i = 0; i < spec.counts[bits]; ++i) {
      entries_.push_back({static_cast<std::uint8_t>(bits), spec.symbols[entries_.size()]});
      ++code;
    }
    limits_[bits] = code << (kMaxCodeBits - bits);
    code <<= 1;
  }
}

Symbol HuffmanCode::meaning(Entry entry) const {
  Symbol symbol{.code_bits = entry.code_bits, .size = entry.symbol};
  if (kind_ == Kind::Ac) {
    symbol.run = entry.symbol >> 4;
    symbol.size = entry.symbol & 15;
    symbol.is_end = symbol.size == 0 && symbol.run < kEndOfBlockRun;
  }
  if (symbol.size > (kind_ == Kind::Ac ? kMaxAcSize : kMaxDcSize)) {
    return {};
  }
  return symbol;
}

Symbol HuffmanCode::find(std::uint64_t window) const {
  const auto prefix = static_cast<std::uint32_t>(window >> (64 - kMaxCodeBits));
  // Who asks has looked into a table; codes that it holds are asked for when they mean nothing.
  constexpr std::size_t kInTables = kValueIndexBits - 1;
  const std::size_t shortest = prefix < limits_[kInTables] ? 1 : kInTables + 1;
  for (std::size_t bits = shortest; bits <= kMaxCodeBits; ++bits) {
    if (prefix < limits_[bits]) {
      const std::uint32_t code = prefix >> (kMaxCodeBits - bits);
      return meaning(entries_[code + offsets_[bits]]);
    }
  }
  return {};
}

std::shared_ptr<const CoderTables> TableCache::find(const HuffmanSpec& dc, const HuffmanSpec& ac) {
  const auto entry = std::ranges::find_if(
      entries_, [&](const Entry& other) { return other.ac == ac && other.dc == dc; });
  if (entry != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, entry);
    return entry->tables;
  }
  if (entries_.size() == kMaxTablesKept) {
    entries_.pop_back();
  }
  entries_.push_front({dc, ac, build_tables(dc, ac)});
  return entries_.front().tables;
}

}  // namespace thumbjpeg
