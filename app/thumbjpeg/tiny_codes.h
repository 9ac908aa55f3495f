#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace thumbjpeg {

/// Writes bits, the highest first, as the data of a scan.
class ScanWriter {
 public:
  explicit ScanWriter(std::vector<std::uint8_t>& file) : file_(file) {}

  void put(std::uint32_t bits, int count) {
    for (int i = count - 1; i >= 0; --i) {
      byte_ = byte_ << 1 | (bits >> i & 1);
      if (++bits_ % 8 == 0) {
        write_byte();
      }
    }
  }

  void pad() {
    while (bits_ % 8 != 0) {
      put(1, 1);
    }
  }

 private:
  void write_byte() {
    file_.push_back(static_cast<std::uint8_t>(byte_));
    if (file_.back() == 0xFF) {
      file_.push_back(0);
    }
    byte_ = 0;
  }

  std::vector<std::uint8_t>& file_;
  std::uint32_t byte_ = 0;
  int bits_ = 0;
};

/// A Huffman table of codes of one and two bits.
struct TinyTable {
  std::uint8_t ones = 0;  ///< How many symbols have one bit.
  std::vector<std::uint8_t> symbols;
};

/// A grey file of `blocks_high` rows of kTinyBlocksWide blocks, up to its scan.
constexpr int kTinyBlocksWide = 256;
inline std::vector<std::uint8_t> tiny_header(int blocks_high, const TinyTable& dc,
                                             const TinyTable& ac) {
  std::vector<std::uint8_t> file = {0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0};
  file.insert(file.end(), 64, 1);
  const auto high = static_cast<std::uint8_t>(blocks_high * 8 / 256);
  const auto low = static_cast<std::uint8_t>(blocks_high * 8 % 256);
  file.insert(file.end(),
              {0xFF, 0xC0, 0, 11, 8, high, low, kTinyBlocksWide * 8 / 256, 0, 1, 1, 0x11, 0});
  const auto add_table = [&](std::uint8_t kind, const TinyTable& table) {
    const auto twos = static_cast<std::uint8_t>(table.symbols.size() - table.ones);
    const auto bytes = static_cast<std::uint8_t>(19 + table.symbols.size());
    file.insert(file.end(), {0xFF, 0xC4, 0, bytes, kind, table.ones, twos});
    file.insert(file.end(), 14, 0);
    file.insert(file.end(), table.symbols.begin(), table.symbols.end());
  };
  add_table(0x00, dc);
  add_table(0x10, ac);
  file.insert(file.end(), {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0});
  return file;
}

/// A grey file whose blocks are either 00 or 10xx0, where xx are extra bits: nearly every bit
/// turned makes an impossible code of some block, and leaves their number as it was more often than
/// not.
inline std::vector<std::uint8_t> photo_of_tiny_codes(unsigned seed, int blocks_high = 64) {
  auto file = tiny_header(blocks_high, {.ones = 1, .symbols = {0, 2}}, {.ones = 1, .symbols = {0}});
  ScanWriter scan(file);
  std::mt19937 random(seed);
  // Up and down in turn, as the sum of the differences has its limits.
  for (int i = 0, ups = 0; i < kTinyBlocksWide * blocks_high; ++i) {
    if (random() % 2 == 0) {
      scan.put(0b00, 2);
    } else {
      scan.put(ups++ % 2 == 0 ? 0b10110 : 0b10000, 5);
    }
  }
  scan.pad();
  file.insert(file.end(), {0xFF, 0xD9});
  return file;
}

/// A grey file whose blocks are all 0 and 00: who begins at a wrong bit is never in step.
inline std::vector<std::uint8_t> photo_out_of_step(int blocks_high) {
  auto file = tiny_header(blocks_high, {.ones = 1, .symbols = {0}}, {.ones = 0, .symbols = {0}});
  ScanWriter scan(file);
  for (int i = 0; i < kTinyBlocksWide * blocks_high; ++i) {
    scan.put(0, 3);
  }
  scan.pad();
  file.insert(file.end(), {0xFF, 0xD9});
  return file;
}

}  // namespace thumbjpeg
