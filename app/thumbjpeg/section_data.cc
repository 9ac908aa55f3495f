#include "thumbjpeg/section_data.h"

#include <algorithm>

namespace thumbjpeg {

namespace {

constexpr std::size_t kBits = 8;
constexpr std::uint8_t kMarkerByte = 0xFF;
constexpr int kEndOfImage = 0xD9;

// Of some thousand photos none took more than 4.4 KB to be in step.
constexpr std::size_t kLeadInBytes = std::size_t{8} << 10;

// Behind a cut: for the lead-in, or for the next restart marker.
constexpr std::size_t kBytesBehind = std::size_t{64} << 10;

std::size_t cut_of(SectionNumber number, std::size_t scan_begin, std::size_t file_bytes) {
  const std::size_t bytes = file_bytes - scan_begin;
  return scan_begin +
         bytes * static_cast<std::size_t>(number.index) / static_cast<std::size_t>(number.count);
}

/// Behind a byte that only means something with the one before it.
std::size_t behind_pair(std::span<const std::uint8_t> bytes, std::size_t cut) {
  return cut > 0 && bytes[cut - 1] == kMarkerByte ? cut + 1 : cut;
}

/// The first MCU of what begins at a byte of the data, in bits.
std::optional<std::uint64_t> find_entry(const ScanPlan& plan, const EntropyData& data,
                                        std::size_t begin) {
  if (begin + kLeadInBytes > data.size()) {
    return std::nullopt;
  }
  const std::uint64_t end = (begin + kLeadInBytes) * kBits;
  const SkipPattern pattern(plan);
  BlockTrack track;
  track.begin(begin * kBits, 0);
  track.run_to(end, data.bytes(), pattern);
  const std::size_t last_block = track.blocks_before(end) - 1;
  return track.starts[last_block - last_block % pattern.blocks_in_mcu];
}

std::optional<SectionLayout> read_unmarked(const SectionBytes& section, const ScanPlan& plan,
                                           EntropyData& data) {
  // Else nobody could tell where an MCU begins.
  if (plan.table_period() != static_cast<std::uint32_t>(plan.blocks_in_mcu)) {
    return std::nullopt;
  }
  const auto own = data.append(section.bytes.subspan(section.begin, section.end - section.begin));
  const std::size_t cut = data.size();
  SectionLayout layout{.bounds = {}, .ends_picture = own.marker == kEndOfImage};
  const bool is_cut = own.marker == 0 && !section.is_last;
  if (!own.is_regular || (!is_cut && !layout.ends_picture)) {
    return std::nullopt;
  }
  if (!layout.ends_picture) {
    data.append(section.bytes.subspan(section.end));
  }
  data.end_segment();
  data.finish();
  const auto begin = section.is_first ? 0 : find_entry(plan, data, 0);
  const auto end = layout.ends_picture ? 0 : find_entry(plan, data, cut);
  if (!begin || !end) {
    return std::nullopt;
  }
  layout.bounds = {
      .begin = *begin,
      .end_kind = layout.ends_picture ? SectionBounds::End::OfData : SectionBounds::End::Given,
      .end = *end};
  return layout;
}

/// Reads segments up to the first restart marker behind the section, or the end of the picture.
bool read_segments(const SectionBytes& section, std::size_t at, EntropyData& data,
                   SectionLayout& layout) {
  for (int number = layout.restart_number + 1;; ++number) {
    const auto segment = data.append(section.bytes.subspan(at));
    data.end_segment();
    layout.ends_picture = segment.marker == kEndOfImage;
    if (!segment.is_regular || layout.ends_picture) {
      return segment.is_regular;
    }
    if (!is_restart(segment.marker) || restart_number(segment.marker) != number % kRestartNumbers) {
      return false;
    }
    if (!section.is_last && at + segment.data_bytes >= section.end) {
      return true;
    }
    at += segment.bytes;
  }
}

std::optional<SectionLayout> read_marked(const SectionBytes& section, const ScanPlan& plan,
                                         EntropyData& data) {
  SectionLayout layout;
  std::size_t at = section.begin;
  if (!section.is_first) {
    const auto front = data.append(section.bytes.subspan(at));
    if (!front.is_regular || !is_restart(front.marker)) {
      return std::nullopt;
    }
    layout.restart_number = restart_number(front.marker);
    at += front.bytes;
    data.clear(section.bytes.size());
  }
  if (!read_segments(section, at, data, layout)) {
    return std::nullopt;
  }
  data.finish();
  const std::size_t most = plan.segments() - (layout.ends_picture ? 0 : 1);
  if (data.segments().size() > most) {
    return std::nullopt;
  }
  layout.bounds.first_segment = layout.ends_picture ? plan.segments() - data.segments().size() : 0;
  return layout;
}

}  // namespace

ByteRange range_of_section(SectionNumber number, std::size_t scan_begin, std::size_t file_bytes) {
  const bool is_first = number.index == 0;
  const std::size_t next = cut_of({number.index + 1, number.count}, scan_begin, file_bytes);
  return {.begin = cut_of(number, scan_begin, file_bytes) - (is_first ? 0 : 1),
          .end = std::min(file_bytes, next + kBytesBehind)};
}

SectionBytes bytes_of_section(SectionNumber number, std::size_t scan_begin, std::size_t file_bytes,
                              std::span<const std::uint8_t> range) {
  SectionBytes section{
      .bytes = range, .is_first = number.index == 0, .is_last = number.index + 1 == number.count};
  const std::size_t from = range_of_section(number, scan_begin, file_bytes).begin;
  const std::size_t next = cut_of({number.index + 1, number.count}, scan_begin, file_bytes);
  section.begin = section.is_first ? 0 : behind_pair(range, 1);
  section.end = section.is_last ? range.size() : behind_pair(range, next - from);
  return section;
}

std::optional<SectionLayout> read_section(const SectionBytes& section, const ScanPlan& plan,
                                          EntropyData& data) {
  if (section.begin > section.end || section.end > section.bytes.size() ||
      section.bytes.size() > EntropyData::kMaxBytes) {
    return std::nullopt;
  }
  data.clear(section.bytes.size());
  return plan.segments() == 1 ? read_unmarked(section, plan, data)
                              : read_marked(section, plan, data);
}

}  // namespace thumbjpeg
