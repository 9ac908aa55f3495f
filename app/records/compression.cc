#include "records/compression.h"

namespace bulkhead::records {

Compression compression_of(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.starts_with("\x1F\x8B\x08"sv)) {
    return Compression::Gzip;
  }
  if (start.starts_with("\x28\xB5\x2F\xFD"sv)) {
    return Compression::Zstandard;
  }
  if (start.starts_with("\xFD"
                        "7zXZ\0"sv)) {
    return Compression::Xz;
  }
  // "BZh" alone could be text; the digit is the block size.
  if (start.starts_with("BZh"sv) && start.size() > 3 && start[3] >= '1' && start[3] <= '9') {
    return Compression::Bzip2;
  }
  return Compression::None;
}

}  // namespace bulkhead::records
