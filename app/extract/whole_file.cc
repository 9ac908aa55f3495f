#include "extract/whole_file.h"

#include <algorithm>
#include <span>
#include <utility>

#include "records/byte_source.h"

namespace bulkhead::extract {

Expected<std::string, std::string> read_whole(const std::string& path, std::size_t padding) {
  constexpr std::size_t kFirstBytes = std::size_t{64} << 10U;
  auto source = records::open_bytes(path, 0);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  std::string text;
  for (std::size_t filled = 0;;) {
    text.resize(std::max(kFirstBytes, filled * 2));
    const auto got = (*source)->read(std::span(text).subspan(filled));
    if (!got) {
      return Unexpected(got.error());
    }
    if (*got == 0) {
      text.resize(filled);
      text.reserve(filled + padding);
      return text;
    }
    filled += *got;
    if (filled > kMaxDocumentBytes) {
      return Unexpected(std::string("is larger than 1 GiB"));
    }
  }
}

}  // namespace bulkhead::extract
