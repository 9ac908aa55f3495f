#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bulkhead::records {

/// How the bytes of a file are packed.
enum class Compression : std::uint8_t { None, Gzip, Zstandard, Xz, Bzip2 };

/// So many bytes at the start of a file tell.
inline constexpr std::size_t kMagicBytes = 6;

/// By the first bytes of a file, whatever it is called.
Compression compression_of(std::string_view start);

}  // namespace bulkhead::records
