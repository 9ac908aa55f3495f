#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "thumbjpeg/coefficient_plane.h"
#include "thumbjpeg/frame.h"
#include "thumbjpeg/huffman.h"

namespace thumbjpeg {

/// A code of such a scan, with what it means.
struct AcSymbol {
  std::uint8_t code_bits = 0;  ///< 0: not known, or no such code.
  std::uint8_t run = 0;        ///< Zeros before the value; of an end, bits of its number of blocks.
  std::uint8_t size = 0;       ///< Bits of the value.
  bool is_end = false;         ///< Of this block and of some behind it.
};

/// A scan of a progressive file that gives coefficients of one component, means apart, or one more
/// bit of each (T.81, G.1.2.2 and G.1.2.3): what it holds, and how it is coded.
struct AcScan {
  /// For planes of a `side` of 2 to 4.
  AcScan(const ScanHeader& header, const HuffmanSpec& table, int side);

  /// The symbol that the window begins with, whatever its length; slower.
  AcSymbol find(std::uint64_t window) const;

  static constexpr int kIndexBits = 10;
  static constexpr std::int8_t kNotKept = -1;

  int first;  ///< Coefficient, in zigzag order.
  int last;   ///< Coefficient, in zigzag order.
  int low_bit;
  bool is_refinement;
  HuffmanCode code;
  /// By the first bits of a window: the symbol that it begins with, if its code is no longer.
  std::array<AcSymbol, 1U << kIndexBits> symbols{};
  std::array<std::int8_t, kBlockArea> lines{};  ///< Of kept coefficients, in zigzag order.
  std::uint64_t kept = 0;                       ///< A bit for each kept coefficient.
};

/// Blocks that follow each other in a scan, and where in the data, in bits.
struct AcSegment {
  std::size_t begin_block = 0;
  std::size_t end_block = 0;
  std::size_t blocks_wide = 0;  ///< In a row of the scan.
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Decodes a segment. False when its data is not exactly its blocks, or has a value that libjpeg
/// would warn of or cut. Reads up to 256 bytes behind the segment's end.
bool decode_ac_segment(const AcScan& scan, const std::uint8_t* bytes, const AcSegment& segment,
                       CoefficientPlane& plane);

}  // namespace thumbjpeg
