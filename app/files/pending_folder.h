#pragma once

#include <string>

#include <bulkhead/expected.h>

#include "files/file_error.h"

namespace bulkhead::files {

/// A folder that is filled under a name of its own beside its place, and takes its name when it is
/// complete. Without publish() nothing of it is left, and one that cannot get its name stays.
class PendingFolder {
 public:
  /// Makes the folders that are missing on the way to `path`. An empty folder there is removed, so
  /// that one that cannot be, as file systems are mounted on it, is known before the work.
  /// Errors: those of the system; there is something at `path` that is no empty folder.
  static Expected<PendingFolder, FileError> create(const std::string& path);
  PendingFolder(PendingFolder&& other) noexcept;
  PendingFolder& operator=(PendingFolder&&) = delete;
  PendingFolder(const PendingFolder&) = delete;
  PendingFolder& operator=(const PendingFolder&) = delete;
  ~PendingFolder();

  /// The name until then.
  const std::string& temporary_path() const { return temporary_path_; }

  /// Removes it with all that is in it; publish() must not follow.
  void discard() noexcept;

  /// Gives the folder its name; the last call. Errors: those of the system; the folder is kept then
  /// under the name that it has, which the reason tells.
  Expected<void, FileError> publish();

 private:
  PendingFolder(std::string path, std::string temporary_path);

  std::string path_;
  std::string temporary_path_;  // empty: there is none any more
};

}  // namespace bulkhead::files
