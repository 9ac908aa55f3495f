#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include <bulkhead/expected.h>

#include "files/descriptor.h"
#include "files/file_error.h"

namespace bulkhead::files {

/// The file systems that files were written to since they were last waited for.
class WrittenDisks {
 public:
  /// A file was written there.
  void add(const std::string& file);

  /// Waits until all that was written to them, by whomever, is on their disks (syncfs(2)).
  Expected<void, FileError> sync();

 private:
  struct Disk {
    std::string file;  // one of them, for errors
    Descriptor folder;
  };
  std::map<dev_t, Disk> disks_;
};

}  // namespace bulkhead::files
