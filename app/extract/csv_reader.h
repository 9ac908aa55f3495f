#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "extract/field_list.h"
#include "extract/quote_state.h"
#include "records/byte_window.h"
#include "records/portions.h"

namespace bulkhead::extract {

/// One record of a CSV file.
struct CsvRecord {
  FieldList fields = {};      ///< without their quotes
  std::string_view raw = {};  ///< without its line end
  std::uint64_t offset = 0;
  bool is_closed = true;  ///< false: the file ends within quotes
};

/// What a file may begin with, and is no part of its first record.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A file with a longer record is not read beyond it: a quote that is never closed would take all.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} << 20U;

/// Reads the records that begin in a portion of a CSV file (RFC 4180; also lines that end in LF,
/// and a quote in a field without quotes, which is a character like others). A byte order mark is
/// passed over, and so are lines without anything.
class CsvReader {
 public:
  /// `state` is that of the byte where the portion begins. Errors: those of open_bytes.
  static Expected<CsvReader, std::string> open(const records::Portion& portion, char separator,
                                               QuoteState state);

  /// The next record, valid until the next call; false at the end, or where reading failed.
  bool next(CsvRecord& record);

  /// Why there is no next record; empty: it was the end.
  const std::string& problem() const { return problem_; }

 private:
  CsvReader(records::ByteWindow window, std::uint64_t end, char separator);

  void skip_to_record(QuoteState state);
  std::size_t split(std::string_view text, CsvRecord& record);
  std::size_t add_plain(std::string_view text, std::size_t at, CsvRecord& record) const;
  std::size_t add_quoted(std::string_view text, std::size_t at, CsvRecord& record);
  std::size_t unquote(std::string_view text, std::size_t at, CsvRecord& record);
  bool is_end_of_field(char byte) const { return byte == separator_ || byte == '\n'; }

  records::ByteWindow window_;  // begins with the next record
  std::uint64_t end_;
  char separator_;
  std::string unquoted_;  // fields that do not stand in the record as they are
  std::string problem_;
};

}  // namespace bulkhead::extract
