#pragma once

#include <span>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "display/json_record.h"
#include "files/file_error.h"
#include "files/pending_file.h"

namespace bulkhead::jobs {

/// The records of a run in a file: a table of CSV where its name ends in ".csv", else JSON, one
/// record a line. It gets its name when it is complete.
class RecordFile {
 public:
  /// `columns` are the members that the table has, in order; a record that lacks one has an empty
  /// cell. They must outlive it. Errors: those of PendingFile::create().
  static Expected<RecordFile, files::FileError> create(const std::string& path,
                                                       std::span<const std::string_view> columns);

  void write(const display::JsonRecord& record);

  /// The last call. Errors: those of the system, of writing too.
  Expected<void, files::FileError> publish() { return file_.publish(); }

 private:
  RecordFile(files::PendingFile file, std::span<const std::string_view> columns)
      : file_(std::move(file)), columns_(columns) {}

  files::PendingFile file_;
  std::span<const std::string_view> columns_;  // of the table; empty: it is JSON
};

}  // namespace bulkhead::jobs
