#pragma once

#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "files/descriptor.h"
#include "files/file_error.h"

namespace bulkhead::files {

/// A file without a name, for what has no place in memory: gone with the program, however that
/// ends. It is where temporary files are, TMPDIR or else /tmp.
class NamelessFile {
 public:
  /// Errors: those of the system, with the folder.
  static Expected<NamelessFile, FileError> create();

  /// Appends all that comes from a descriptor, to its end. Errors: those of the system, with the
  /// folder, or `name` where reading failed.
  Expected<void, FileError> fill_from(int source, const std::string& name);

  /// What other processes of the same user open it by, as long as this object lives.
  std::string path() const { return path_of(file_.get()); }

  /// The same of any open descriptor of this process.
  static std::string path_of(int descriptor);

 private:
  NamelessFile(Descriptor file, std::string folder);
  Expected<void, FileError> write(std::string_view bytes);

  Descriptor file_;
  std::string folder_;
};

}  // namespace bulkhead::files
