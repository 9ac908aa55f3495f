#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "files/descriptor.h"
#include "files/file_error.h"

namespace bulkhead::files {

/// A file that is written little by little under a name of its own beside its place, and takes its
/// name when it is complete, instead of a file that was there before. Without publish() nothing of
/// it is left. For what is too large to be held in memory; else see files::publish().
class PendingFile {
 public:
  /// Errors: those of the system; a `path` that is a folder, a device or the like.
  static Expected<PendingFile, FileError> create(const std::string& path);
  PendingFile(PendingFile&& other) noexcept;
  PendingFile& operator=(PendingFile&&) = delete;
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile();

  /// Appends. An error is kept for publish(), and what follows it is not written.
  void write(std::string_view bytes);

  /// Writes over the first bytes, which have been written.
  void rewrite_start(std::string_view bytes);

  /// The name until then, for those who write the file in their own way.
  const std::string& temporary_path() const { return temporary_path_; }

  /// Gives the file its name; the last call. Errors: those of the system, of writing too.
  Expected<void, FileError> publish();

 private:
  PendingFile(std::string path, std::string temporary_path, Descriptor file);
  void flush();

  std::string path_;
  std::string temporary_path_;  // empty: there is none any more
  Descriptor file_;
  std::string buffer_;
  int error_ = 0;  // errno of the first write that failed
};

}  // namespace bulkhead::files
