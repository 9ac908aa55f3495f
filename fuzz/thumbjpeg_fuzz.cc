// Any bytes, given to the decoder of thumbjpeg: what it accepts must be whole, and its coefficients
// must be those of libjpeg-turbo.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "thumbjpeg/coefficient_image.h"

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
    require(reference.is_readable && reference.damages == 0);
    require(thumbjpeg::are_equal(kept, reference, side));
  }
  return 0;
}
