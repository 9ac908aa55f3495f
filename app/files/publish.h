#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <bulkhead/expected.h>

#include "files/file_error.h"
#include "files/mark.h"

namespace bulkhead::files {

/// Who may read a file, and the folders that are made for it.
enum class Access : std::uint8_t {
  Usual,      ///< as the umask says
  OwnerOnly,  ///< modes 0600 and 0700
};

/// What a file that was published survives.
enum class Durability : std::uint8_t {
  ProgramEnd,    ///< the end of the program, whatever it is
  PowerFailure,  ///< that of the machine, too: publishing waits for the disk
};

struct PublishOptions {
  Mark mark = {};
  Access access = Access::Usual;
  Durability durability = Durability::ProgramEnd;
};

/// Writes `bytes` to the file `path`, so that nobody ever sees a part of them under that name: they
/// are written without a name and named when complete, in place of a file that was there before.
/// Folders that are missing on the way are made. When it fails, a file that was there before is
/// untouched and nothing of the new one is left.
/// Unless that is asked for it does not wait for the disk: after a power failure the file may be
/// empty.
/// Errors: those of the system, and a `path` that is a folder, a device or the like: only regular
/// files and links are ever replaced.
/// The file's time of modification is now, with the mark in its nanoseconds.
Expected<void, FileError> publish(const std::string& path, std::span<const std::byte> bytes,
                                  const PublishOptions& options = {});

}  // namespace bulkhead::files
