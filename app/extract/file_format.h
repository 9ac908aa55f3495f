#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

namespace bulkhead::extract {

/// How a file is written.
enum class FileFormat : std::uint8_t { Csv, Json, JsonLines, Xml };

struct Detected {
  FileFormat format = FileFormat::Csv;
  char separator = ',';  ///< of CSV

  friend bool operator==(const Detected&, const Detected&) = default;
};

/// By the content of a file, packed or not. Nothing: it is empty. Errors: those of reading it.
Expected<std::optional<Detected>, std::string> detect_file(const std::string& path);

/// By the start of its bytes; `is_all` if that is all of them.
std::optional<Detected> detect_text(std::string_view start, bool is_all);

}  // namespace bulkhead::extract
