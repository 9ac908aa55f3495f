#pragma once

#include <sys/types.h>

#include <string>

#include <bulkhead/expected.h>

#include "files/descriptor.h"

/// How a file gets its name when it is complete, instead of a file that was there before.
namespace bulkhead::files {

/// 0 for success, else an errno. The path that errors name is added by who knows it.
using Errno = int;

/// errno, unless something succeeded.
Errno errno_unless(bool succeeded);

/// Where a path leads: a folder, which stays the same one even if it is renamed, and a name in it.
struct Place {
  Descriptor folder;
  std::string name;
};

/// Makes the folders that are missing on the way, of this mode less the umask.
Expected<Place, Errno> open_place(const std::string& path, mode_t folder_mode);

/// A name for a file that has not yet its own: short, so that it fits where that fits; hidden, and
/// no photo's.
std::string temporary_name();

/// What is at the name is a folder, a device or the like: rename would quietly replace a device or
/// a socket.
Errno refuse_what_is_no_file(int folder, const std::string& name);

/// Gives a name to a file that was opened without (open(2), O_TMPFILE). ENOENT where /proc is not
/// mounted.
Errno give_name(int unnamed, int folder, const std::string& name);

/// The same, for a name that is not taken: EEXIST.
Errno link_as(int unnamed, int folder, const std::string& name);

/// Gives the file of a temporary name its own one. When it fails the file is gone.
Errno replace_by(const std::string& temporary, int folder, const std::string& name);

}  // namespace bulkhead::files
