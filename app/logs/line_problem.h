#pragma once

#include <cstdint>
#include <string_view>

namespace bulkhead::logs {

/// Why a line is no request.
enum class LineProblem : std::uint8_t {
  None,
  Empty,
  TooLong,
  TooFewFields,
  BadTime,
  BadRequest,
  BadStatus,
  BadBytes,
  BadJson,
  OtherText,  ///< what the format has between its fields is not there
};

/// For people, lower case.
std::string_view words_of(LineProblem problem);

}  // namespace bulkhead::logs
