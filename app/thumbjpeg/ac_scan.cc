#include "thumbjpeg/ac_scan.h"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "thumbjpeg/ac_scan.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "thumbjpeg/bit_window.h"
#include "thumbjpeg/zigzag.h"

HWY_BEFORE_NAMESPACE();
namespace thumbjpeg::HWY_NAMESPACE {

/// Reads the blocks of a segment. What there is in a block is a mask, so that most of its data is
/// stepped over by counting bits.
class AcReader {
 public:
  AcReader(const AcScan& scan, const std::uint8_t* bytes, std::uint64_t position)
      : scan_(scan), bytes_(bytes), position_(position) {}

  /// Where a block's coefficients are: `lines` are `stride` apart.
  struct Block {
    std::int16_t* lines;
    std::size_t stride;
    std::uint64_t& nonzero;
  };

  HWY_INLINE bool read(Block block) {
    return scan_.is_refinement ? refine(block) : read_first(block);
  }

  std::uint64_t position() const { return position_; }
  bool is_in_run() const { return blocks_to_end_ != 0; }

 private:
  HWY_INLINE AcSymbol next_symbol(std::uint64_t window) const {
    const AcSymbol symbol = scan_.symbols[window >> (64 - AcScan::kIndexBits)];
    return symbol.code_bits != 0 ? symbol : scan_.find(window);
  }

  HWY_INLINE std::int32_t value_of(AcSymbol symbol, std::uint64_t window) const {
    const int bits = symbol.code_bits + symbol.size;
    return extended(std::rotl(window, bits), symbol.size) * (1 << scan_.low_bit);
  }

  /// Behind the code of an end: for how many blocks it holds, this one included.
  HWY_INLINE void read_end(AcSymbol symbol, std::uint64_t window) {
    const std::uint32_t extra = symbol.run;
    const std::uint64_t bits = window << symbol.code_bits >> 1 >> (63 - extra);
    blocks_to_end_ = (std::uint32_t{1} << extra) + static_cast<std::uint32_t>(bits);
    position_ += symbol.code_bits + extra;
  }

  HWY_INLINE bool read_first(Block block) {
    int k = scan_.first;
    std::uint64_t nonzero = 0;
    while (blocks_to_end_ == 0 && k <= scan_.last) {
      const std::uint64_t window = bit_window(bytes_, position_);
      const AcSymbol symbol = next_symbol(window);
      if (symbol.is_end) {
        read_end(symbol, window);
        break;
      }
      position_ += std::uint32_t{symbol.code_bits} + symbol.size;
      k += symbol.run;
      if (symbol.code_bits == 0 || k > scan_.last) {
        return false;
      }
      if (symbol.size != 0) {
        const std::int32_t value = value_of(symbol, window);
        if (value != static_cast<std::int16_t>(value)) {
          return false;
        }
        set(block, k, value);
        nonzero |= std::uint64_t{1} << k;
      }
      ++k;
    }
    blocks_to_end_ -= blocks_to_end_ != 0 ? 1 : 0;
    block.nonzero |= nonzero;
    return true;
  }

  HWY_INLINE bool refine(Block block) {
    const std::uint64_t known = block.nonzero;
    std::uint64_t left = ~std::uint64_t{0} << scan_.first & ~std::uint64_t{0} >> (63 - scan_.last);
    while (blocks_to_end_ == 0 && left != 0) {
      const std::uint64_t window = bit_window(bytes_, position_);
      const AcSymbol symbol = next_symbol(window);
      if (symbol.is_end) {
        read_end(symbol, window);
        break;
      }
      position_ += std::uint32_t{symbol.code_bits} + symbol.size;
      std::uint64_t zeros = left & ~known;
      for (int i = 0; i < symbol.run; ++i) {
        zeros &= zeros - 1;
      }
      if (symbol.code_bits == 0 || symbol.size > 1 || zeros == 0) {
        return false;
      }
      const std::uint64_t place = zeros & -zeros;
      correct(block, left & known & (place - 1));
      if (symbol.size == 1) {
        set(block, std::countr_zero(place), value_of(symbol, window));
        block.nonzero |= place;
      }
      left &= -place << 1;
    }
    if (blocks_to_end_ != 0) {
      correct(block, left & known);
      --blocks_to_end_;
    }
    return true;
  }

  HWY_INLINE void set(Block block, int k, std::int32_t value) const {
    if ((scan_.kept >> k & 1) != 0) {
      at(block, k) = static_cast<std::int16_t>(value);
    }
  }

  /// Each of the coefficients has a bit: whether its absolute value becomes larger.
  HWY_INLINE void correct(Block block, std::uint64_t coefficients) {
    for (std::uint64_t kept = coefficients & scan_.kept; kept != 0; kept &= kept - 1) {
      const std::uint64_t before = coefficients & ((kept & -kept) - 1);
      const std::uint64_t bit = position_ + static_cast<std::uint32_t>(std::popcount(before));
      if ((bytes_[bit >> 3] >> (7 - (bit & 7)) & 1) != 0) {
        std::int16_t& value = at(block, std::countr_zero(kept));
        const int step = 1 << scan_.low_bit;
        value = static_cast<std::int16_t>(value < 0 ? value - step : value + step);
      }
    }
    position_ += static_cast<std::uint32_t>(std::popcount(coefficients));
  }

  HWY_INLINE std::int16_t& at(Block block, int k) const {
    return block
        .lines[static_cast<std::size_t>(scan_.lines[static_cast<std::size_t>(k)]) * block.stride];
  }

  const AcScan& scan_;
  const std::uint8_t* bytes_;
  std::uint64_t position_;
  std::uint32_t blocks_to_end_ = 0;  // That end here, the current one included.
};

bool decode_blocks(const AcScan& scan, const std::uint8_t* bytes, const AcSegment& segment,
                   CoefficientPlane& plane) {
  constexpr std::uint64_t kBits = 8;
  AcReader reader(scan, bytes, segment.begin);
  std::size_t x = segment.begin_block % segment.blocks_wide;
  std::size_t y = segment.begin_block / segment.blocks_wide;
  for (std::size_t block = segment.begin_block; block < segment.end_block; ++block) {
    if (!reader.read(
            {plane.lines(y) + x, plane.stride, plane.nonzero[y * plane.blocks_wide + x]}) ||
        reader.position() > segment.end) {
      return false;
    }
    if (++x == segment.blocks_wide) {
      x = 0;
      ++y;
    }
  }
  return !reader.is_in_run() && reader.position() + kBits > segment.end;
}

}  // namespace thumbjpeg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace thumbjpeg {

namespace {

HWY_EXPORT(decode_blocks);

AcSymbol compact(const Symbol& symbol) {
  return {.code_bits = static_cast<std::uint8_t>(symbol.code_bits),
          .run = static_cast<std::uint8_t>(symbol.run),
          .size = static_cast<std::uint8_t>(symbol.size),
          .is_end = symbol.is_end};
}

}  // namespace

AcScan::AcScan(const ScanHeader& header, const HuffmanSpec& table, int side)
    : first(header.spectral_start),
      last(header.spectral_end),
      low_bit(header.approximation_low),
      is_refinement(header.approximation_high != 0),
      code(table, HuffmanCode::Kind::Ac) {
  std::size_t filled = 0;
  for (const HuffmanCode::Entry& entry : code.entries()) {
    if (entry.code_bits > kIndexBits) {
      break;
    }
    const std::size_t count = std::size_t{1} << (kIndexBits - entry.code_bits);
    std::fill_n(symbols.begin() + static_cast<std::ptrdiff_t>(filled), count,
                compact(code.meaning(entry)));
    filled += count;
  }
  lines.fill(kNotKept);
  for (std::size_t k = 1; k < kZigzag.size(); ++k) {
    const auto [row, column] = kZigzag[k];
    if (row < side && column < side) {
      lines[k] = static_cast<std::int8_t>(row * side + column);
      kept |= std::uint64_t{1} << k;
    }
  }
}

AcSymbol AcScan::find(std::uint64_t window) const {
  return compact(code.find(window));
}

bool decode_ac_segment(const AcScan& scan, const std::uint8_t* bytes, const AcSegment& segment,
                       CoefficientPlane& plane) {
  return HWY_DYNAMIC_DISPATCH(decode_blocks)(scan, bytes, segment, plane);
}

}  // namespace thumbjpeg
#endif
