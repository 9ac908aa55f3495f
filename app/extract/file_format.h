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

/// What is known of all files; nothing: their content tells.
struct GivenFormat {
  std::optional<FileFormat> format = {};
  std::optional<char> separator = {};  ///< of those that are CSV
};

/// By what is given and the content of a file, packed or not. Nothing: it is empty. Errors: those
/// of reading it.
Expected<std::optional<Detected>, std::string> detect_file(const std::string& path,
                                                           const GivenFormat& given = {});

/// By the start of its bytes; `is_all` if that is all of them.
std::optional<Detected> detect_text(std::string_view start, bool is_all);

}  // namespace bulkhead::extract
