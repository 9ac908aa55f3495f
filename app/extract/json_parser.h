#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace bulkhead::extract {

/// Parses JSON with simdjson, which has no room for integers of more than 64 bits: a document with
/// such ones is given with those in quotes, as texts that are what was written.
class JsonParser {
 public:
  /// simdjson::SIMDJSON_PADDING bytes may be read behind `json`. The document is valid until the
  /// next call.
  simdjson::error_code parse(std::string_view json, simdjson::dom::element& document);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace bulkhead::extract
