#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "thumbjpeg/block_finder.h"
#include "thumbjpeg/entropy_data.h"
#include "thumbjpeg/scan_plan.h"
#include "thumbjpeg/section.h"

namespace thumbjpeg {

/// The bytes of a file in which a section begins and ends: the section itself, a byte in front of
/// it unless it is the first, and a few behind it unless it is the last.
struct SectionBytes {
  std::span<const std::uint8_t> bytes;
  std::size_t begin = 0;  ///< Where it was cut from what comes before.
  std::size_t end = 0;    ///< Where it was cut from what follows.
  bool is_first = false;
  bool is_last = false;
  int count = 1;  ///< Of all sections.
};

/// Which bytes a section of a scan takes, when the scan begins at `scan_begin` and the file has
/// `file_bytes`.
ByteRange range_of_section(SectionNumber number, std::size_t scan_begin, std::size_t file_bytes);

/// Those bytes, as range_of_section() tells of them.
SectionBytes bytes_of_section(SectionNumber number, std::size_t scan_begin, std::size_t file_bytes,
                              std::span<const std::uint8_t> range);

/// Where the blocks of a section are in its data.
struct SectionLayout {
  SectionBounds bounds;
  int restart_number = -1;  ///< Of the restart marker in front of it; -1: there is none.
  bool ends_picture = false;
};

/// Reads the data of a section of a picture's only scan, and finds where its first block begins and
/// its last one ends. Nothing when that cannot be told, or anything is irregular.
///
/// Where there are restart markers, a section is from one of them to another. Where there are none,
/// a decoder that begins at any bit is in step after some dozens of bytes mostly. So the first MCU
/// of a section is the last one that such a decoder finds in the 8 KiB behind the cut, whoever
/// looks for it: the decoder of the section in front has to arrive there exactly.
std::optional<SectionLayout> read_section(const SectionBytes& section, const ScanPlan& plan,
                                          EntropyData& data);

}  // namespace thumbjpeg
