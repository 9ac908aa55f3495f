#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "thumbjpeg/frame.h"
#include "thumbjpeg/value_entry.h"

namespace thumbjpeg {

/// A decoded symbol with its extra bits.
struct Symbol {
  int code_bits = 0;    ///< 0: no such code.
  int run = 0;          ///< Zero coefficients before the value; AC only.
  int size = 0;         ///< Extra bits.
  bool is_end = false;  ///< End of block; AC only.

  int bits() const { return code_bits + size; }

  /// The value that its extra bits mean in the window that begins with it.
  std::int32_t value(std::uint64_t window) const;
};

/// One Huffman code, decoded bit length by bit length: the slow and complete way.
class HuffmanCode {
 public:
  enum class Kind { Dc, Ac };

  HuffmanCode() = default;
  HuffmanCode(const HuffmanSpec& spec, Kind kind);

  /// The symbol that the first bits of the window (the highest ones) are.
  Symbol find(std::uint64_t window) const;

  struct Entry {
    std::uint8_t code_bits = 0;
    std::uint8_t symbol = 0;
  };

  /// All codes, as they follow each other when counted up.
  const std::vector<Entry>& entries() const { return entries_; }

  /// What a symbol means; one that an 8-bit image cannot need is no code.
  Symbol meaning(Entry entry) const;

 private:
  Kind kind_ = Kind::Dc;
  std::vector<Entry> entries_;
  std::array<std::uint32_t, 18> limits_{};  ///< First 16-bit prefix behind the codes of a length.
  std::array<std::uint32_t, 18> offsets_{};
};

/// Entries of the skip tables: the bits that are stepped over in the lowest seven bits, the advance
/// of the packed block state (block_state.h) above them.
using SkipEntry = std::uint16_t;

constexpr int kSkipIndexBits = 12;
constexpr int kValueIndexBits = 11;

/// Where the entries of AC symbols begin in CoderTables::skips.
constexpr std::uint32_t kAcSkips = 1U << kSkipIndexBits;

/// A difference of means, and how many bits it took; 0: no such code.
struct CodedMean {
  int bits = 0;
  std::int32_t difference = 0;
};

/// The tables of one component: a pair of Huffman codes as the kernels want them.
struct CoderTables {
  HuffmanCode dc;
  HuffmanCode ac;
  /// For windows that begin with a DC symbol, then for those of AC symbols only.
  std::array<SkipEntry, 2U << kSkipIndexBits> skips;
  std::array<ValueEntry, 2U << kValueIndexBits> values;  ///< Of AC codes, then of DC codes.

  /// The difference of means that the window begins with.
  CodedMean find_mean(std::uint64_t window) const;

  const ValueEntry* ac_values() const { return values.data(); }
  const ValueEntry* dc_values() const {
    return values.data() + (std::size_t{1} << kValueIndexBits);
  }
};

/// Builds the tables of pairs of codes, and keeps those last used: cameras repeat theirs.
class TableCache {
 public:
  std::shared_ptr<const CoderTables> find(const HuffmanSpec& dc, const HuffmanSpec& ac);

 private:
  struct Entry {
    HuffmanSpec dc;
    HuffmanSpec ac;
    std::shared_ptr<const CoderTables> tables;
  };

  std::list<Entry> entries_;  // The latest first.
};

}  // namespace thumbjpeg
