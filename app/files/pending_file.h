#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "files/descriptor.h"
#include "files/file_error.h"
#include "files/naming.h"

namespace bulkhead::files {

/// A file that is written little by little without a name, and gets it when it is complete, instead
/// of a file that was there before. Without publish() nothing of it is left, not even when the
/// program is killed; only where the file system or a writer of its own needs a name, it has a
/// hidden one beside its place. For what is too large to be held in memory; else see
/// files::publish().
class PendingFile {
 public:
  /// Makes the folders that are missing on the way to `path`.
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

  /// The name until then, for those who write the file in their own way; it has one from now on.
  std::string temporary_path();

  /// Gives the file its name; the last call. Errors: those of the system, of writing too.
  Expected<void, FileError> publish();

 private:
  PendingFile(std::string path, Place place);
  Errno open();
  void flush();

  std::string path_;
  Place place_;
  Descriptor file_;
  std::string temporary_;  // its name in the folder; empty: it has none
  std::string buffer_;
  int error_ = 0;  // errno of the first write that failed
};

}  // namespace bulkhead::files
