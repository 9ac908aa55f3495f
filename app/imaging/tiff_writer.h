#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {

/// A directory that a TIFF structure is to have, and directories that are named in it.
struct TiffDirectory {
  std::vector<TiffEntry> entries = {};
  /// By the tag that says where they are.
  std::vector<std::pair<std::uint32_t, std::vector<TiffEntry>>> below = {};

  bool empty() const { return entries.empty() && below.empty(); }
};

/// A TIFF structure of one directory and those below it. The values of all entries are in `order`.
std::vector<std::uint8_t> write_tiff(TiffDirectory directory, ByteOrder order);

}  // namespace bulkhead::imaging
