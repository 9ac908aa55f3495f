#pragma once

#include <cstddef>
#include <string>

#include <bulkhead/expected.h>

namespace bulkhead::extract {

/// A JSON document or an XML file is held in memory; a larger one is refused.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{1} << 30U;

/// All bytes of a file, unpacked, with `padding` readable bytes behind them in its capacity.
/// Errors: those of open_bytes and of reading; "is larger than 1 GiB".
Expected<std::string, std::string> read_whole(const std::string& path, std::size_t padding);

}  // namespace bulkhead::extract
