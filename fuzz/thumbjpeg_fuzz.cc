// Any bytes, given to the decoder of thumbjpeg: what it accepts must be whole as far as it looks at
// it, and its coefficients must be those of libjpeg-turbo; those that it puts together of sections
// must be those of the whole file.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "thumbjpeg/coefficient_image.h"
#include "thumbjpeg/zigzag.h"

namespace {

constexpr std::int64_t kMaxPixels = 4'000'000;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

/// Declared sizes cost memory, not code: small limits keep the runs quick.
bool is_small(std::span<const std::uint8_t> file) {
  thumbjpeg::MarkerReader reader(file);
  return reader.next() == thumbjpeg::MarkerReader::Stop::Scan &&
         std::int64_t{reader.frame().width} * reader.frame().height <= kMaxPixels;
}

/// Whether each scan holds coefficients that are kept: what holds others only may not be looked at.
bool are_all_scans_looked_at(std::span<const std::uint8_t> file, int side) {
  thumbjpeg::MarkerReader reader(file);
  while (reader.next() == thumbjpeg::MarkerReader::Stop::Scan) {
    bool is_looked_at = false;
    for (int k = reader.scan().spectral_start; k <= reader.scan().spectral_end; ++k) {
      const auto place = static_cast<std::size_t>(k);
      is_looked_at = is_looked_at ||
                     (place < thumbjpeg::kZigzag.size() && thumbjpeg::kZigzag[place].row < side &&
                      thumbjpeg::kZigzag[place].column < side);
    }
    if (!is_looked_at) {
      return false;
    }
    reader.skip(thumbjpeg::length_of_scan(reader.rest()));
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count) {
  const std::span file(bytes, byte_count);
  if (!is_small(file)) {
    return 0;
  }
  static thumbjpeg::Workspace workspace;
  const int side = 1 + bytes[byte_count - 1] % 4;
  const auto kept = thumbjpeg::kept_coefficients(file, side, workspace);
  if (!kept.empty()) {
    const auto reference = thumbjpeg::ReferenceReader::read(file);
    const bool is_whole = reference.is_readable && reference.damages == 0;
    require(is_whole || !are_all_scans_looked_at(file, side));
    require(!is_whole || thumbjpeg::are_equal(kept, reference, side));
  }
  const int count = 1 + bytes[byte_count / 2] % 4;
  const auto sections = thumbjpeg::sections_of(file, count, side, workspace);
  const auto joined = thumbjpeg::joined_coefficients(file, sections, side, workspace);
  require(joined.empty() || joined == kept);
  return 0;
}
