#include "thumbjpeg/frame.h"

#include <algorithm>

namespace thumbjpeg {

namespace {

// Markers of T.81, table B.1.
constexpr int kBaselineFrame = 0xC0;
constexpr int kExtendedFrame = 0xC1;
constexpr int kProgressiveFrame = 0xC2;
constexpr int kHuffmanTables = 0xC4;
constexpr int kStartOfImage = 0xD8;
constexpr int kEndOfImage = 0xD9;
constexpr int kStartOfScan = 0xDA;
constexpr int kQuantizers = 0xDB;
constexpr int kRestartInterval = 0xDD;
constexpr int kFirstApplication = 0xE0;
constexpr int kLastApplication = 0xEF;
constexpr int kComment = 0xFE;

constexpr int kNone = -1;

// What libjpeg takes (JPEG_MAX_DIMENSION).
constexpr int kMaxSide = 65500;
constexpr int kMaxSamplingFactor = 4;

int word(std::span<const std::uint8_t> bytes) {
  return bytes[0] << 8 | bytes[1];
}

int divided_up(int value, int divisor) {
  return (value + divisor - 1) / divisor;
}

/// A symbol of a DC table is a number of bits.
bool is_no_size(std::uint8_t symbol) {
  return symbol > 15;
}

/// True when the counts are those of a prefix code in which no code is all ones.
bool is_prefix_code(const HuffmanSpec& spec) {
  int code = 0;
  for (std::size_t length = 1; length <= 16; ++length) {
    code += spec.counts[length];
    if (code >= 1 << length && spec.counts[length] != 0) {
      return false;
    }
    code <<= 1;
  }
  return true;
}

}  // namespace

MarkerReader::Stop MarkerReader::next() {
  if (!has_started_) {
    has_started_ = true;
    if (file_.size() < 2 || word(file_) != (0xFF00 | kStartOfImage)) {
      return Stop::Irregular;
    }
    position_ = 2;
  }
  for (;;) {
    const int marker = read_marker();
    if (marker == kEndOfImage) {
      return Stop::End;
    }
    if (!read_segment(marker)) {
      return Stop::Irregular;
    }
    if (marker == kStartOfScan) {
      return Stop::Scan;
    }
  }
}

/// Reads a marker, with the fill bytes that may precede it.
int MarkerReader::read_marker() {
  const std::size_t begin = position_;
  while (position_ < file_.size() && file_[position_] == 0xFF) {
    ++position_;
  }
  if (position_ == begin || position_ == file_.size()) {
    return kNone;
  }
  return file_[position_++];
}

bool MarkerReader::read_segment(int marker) {
  constexpr std::size_t kLengthBytes = 2;
  if (marker == kNone || file_.size() - position_ < kLengthBytes) {
    return false;
  }
  const auto length = static_cast<std::size_t>(word(rest()));
  if (length < kLengthBytes || length > file_.size() - position_) {
    return false;
  }
  const Segment segment = file_.subspan(position_ + kLengthBytes, length - kLengthBytes);
  position_ += length;
  switch (marker) {
    case kBaselineFrame:
    case kExtendedFrame:
    case kProgressiveFrame:
      return read_frame(segment, marker == kProgressiveFrame);
    case kHuffmanTables:
      return read_huffman_tables(segment);
    case kStartOfScan:
      return read_scan(segment);
    case kQuantizers:
      return read_quantizers(segment);
    case kRestartInterval:
      return read_restart_interval(segment);
    default:
      return (marker >= kFirstApplication && marker <= kLastApplication) || marker == kComment;
  }
}

bool MarkerReader::read_quantizers(Segment segment) {
  while (!segment.empty()) {
    const bool is_wide = segment[0] >> 4 == 1;
    const std::size_t bytes = 1 + kBlockArea * (is_wide ? 2 : 1);
    const std::size_t index = segment[0] & 15U;
    if (segment[0] >> 4 > 1 || index >= kMaxTables || segment.size() < bytes) {
      return false;
    }
    Quantizer& quantizer = quantizers_[index];
    for (std::size_t i = 0; i < kBlockArea; ++i) {
      const int step = is_wide ? word(segment.subspan(1 + 2 * i, 2)) : segment[1 + i];
      quantizer.steps[i] = static_cast<std::uint16_t>(step);
    }
    quantizer.is_defined = std::ranges::count(quantizer.steps, 0) == 0;
    segment = segment.subspan(bytes);
  }
  return true;
}

bool MarkerReader::read_huffman_tables(Segment segment) {
  constexpr std::size_t kHeaderBytes = 17;
  while (!segment.empty()) {
    const bool is_ac = segment[0] >> 4 == 1;
    const std::size_t index = segment[0] & 15U;
    if (segment[0] >> 4 > 1 || index >= kMaxTables || segment.size() < kHeaderBytes) {
      return false;
    }
    HuffmanSpec spec{.is_defined = true};
    std::size_t symbols = 0;
    for (std::size_t length = 1; length < kHeaderBytes; ++length) {
      spec.counts[length] = segment[length];
      symbols += segment[length];
    }
    if (symbols > spec.symbols.size() || symbols > segment.size() - kHeaderBytes ||
        !is_prefix_code(spec)) {
      return false;
    }
    std::copy_n(segment.begin() + kHeaderBytes, symbols, spec.symbols.begin());
    if (!is_ac && std::ranges::any_of(spec.symbols, is_no_size)) {
      return false;
    }
    (is_ac ? ac_tables_ : dc_tables_)[index] = spec;
    segment = segment.subspan(kHeaderBytes + symbols);
  }
  return true;
}

bool MarkerReader::read_frame(Segment segment, bool is_progressive) {
  constexpr std::size_t kHeaderBytes = 6;
  constexpr std::size_t kComponentBytes = 3;
  if (!frame_.components.empty() || segment.size() < kHeaderBytes || segment[0] != 8) {
    return false;
  }
  frame_.is_progressive = is_progressive;
  frame_.height = word(segment.subspan(1));
  frame_.width = word(segment.subspan(3));
  const std::size_t count = segment[5];
  if (frame_.width == 0 || frame_.height == 0 || frame_.width > kMaxSide ||
      frame_.height > kMaxSide || (count != 1 && count != kMaxComponents) ||
      segment.size() != kHeaderBytes + kComponentBytes * count) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_component(segment.subspan(kHeaderBytes + kComponentBytes * i, kComponentBytes))) {
      return false;
    }
  }
  measure_components();
  return true;
}

bool MarkerReader::read_component(Segment parameters) {
  const Component component{.id = parameters[0],
                            .horizontal = parameters[1] >> 4,
                            .vertical = parameters[1] & 15,
                            .quantizer = parameters[2]};
  const bool is_known = std::ranges::any_of(
      frame_.components, [&](const Component& other) { return other.id == component.id; });
  const auto is_factor = [](int factor) { return factor >= 1 && factor <= kMaxSamplingFactor; };
  if (is_known || !is_factor(component.horizontal) || !is_factor(component.vertical) ||
      component.quantizer >= kMaxTables) {
    return false;
  }
  frame_.components.push_back(component);
  return true;
}

void MarkerReader::measure_components() {
  for (const Component& component : frame_.components) {
    frame_.max_horizontal = std::max(frame_.max_horizontal, component.horizontal);
    frame_.max_vertical = std::max(frame_.max_vertical, component.vertical);
  }
  const int mcu_width = frame_.max_horizontal * kBlockSide;
  const int mcu_height = frame_.max_vertical * kBlockSide;
  frame_.mcus_wide = divided_up(frame_.width, mcu_width);
  frame_.mcus_high = divided_up(frame_.height, mcu_height);
  for (Component& component : frame_.components) {
    component.blocks_wide = divided_up(frame_.width * component.horizontal, mcu_width);
    component.blocks_high = divided_up(frame_.height * component.vertical, mcu_height);
  }
}

bool MarkerReader::read_scan(Segment segment) {
  if (segment.empty() || segment.size() != 4 + 2 * std::size_t{segment[0]}) {
    return false;
  }
  const std::size_t count = segment[0];
  scan_ = {};
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_scan_component(segment[1 + 2 * i], segment[2 + 2 * i])) {
      return false;
    }
  }
  scan_.spectral_start = segment[1 + 2 * count];
  scan_.spectral_end = segment[2 + 2 * count];
  scan_.approximation_high = segment[3 + 2 * count] >> 4;
  scan_.approximation_low = segment[3 + 2 * count] & 15;
  return is_scan_possible();
}

/// Components of a scan come in the order of the frame (T.81, B.2.3).
bool MarkerReader::read_scan_component(int id, int tables) {
  const int first = scan_.components.empty() ? 0 : scan_.components.back().index + 1;
  const int dc_table = tables >> 4;
  const int ac_table = tables & 15;
  for (int i = first; i < static_cast<int>(frame_.components.size()); ++i) {
    if (frame_.components[std::size_t(i)].id == id) {
      scan_.components.push_back({i, dc_table, ac_table});
      return dc_table < kMaxTables && ac_table < kMaxTables;
    }
  }
  return false;
}

bool MarkerReader::is_scan_possible() const {
  int blocks = 0;
  for (const ScanComponent& part : scan_.components) {
    const Component& component = frame_.components[std::size_t(part.index)];
    blocks += component.horizontal * component.vertical;
  }
  return !scan_.components.empty() && (scan_.components.size() == 1 || blocks <= kMaxBlocksInMcu);
}

bool MarkerReader::read_restart_interval(Segment segment) {
  if (segment.size() != 2) {
    return false;
  }
  restart_interval_ = word(segment);
  return true;
}

}  // namespace thumbjpeg
