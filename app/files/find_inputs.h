#pragma once

#include <functional>
#include <string>
#include <vector>

namespace bulkhead::files {

/// One thing the user asked for: a photo to try, or a path with the reason why it cannot be tried.
struct Input {
  std::string path;  ///< as given, or as it continues a folder as given; to open and to print
  std::string reldir =
      {};  ///< its folder below the folder argument; empty for a file named by itself
  std::string problem = {};  ///< why it cannot be tried; empty when it can
};

/// Whether links to folders are entered. Folders met twice, as in loops of links, are not.
enum class FolderLinks { Ignore, Follow };

/// Whether names that begin with a dot are looked at.
enum class HiddenNames { LeaveOut, Include };

/// Which files of a folder are taken when no extensions are given: those of is_photo_name(), or
/// all.
enum class KnownNames { Photos, All };

/// How folders are searched. Patterns are those of the shell (glob(7)); one with a slash is for the
/// path below the folder argument, one without is for the name.
struct ScanOptions {
  bool recursive = false;
  int max_depth = -1;  ///< Folders below the argument that are entered, one in another; -1: all.
  HiddenNames hidden = HiddenNames::LeaveOut;
  FolderLinks links = FolderLinks::Ignore;
  KnownNames known_names = KnownNames::Photos;
  std::vector<std::string> extensions = {};  ///< In lower case; none: the known names.
  std::vector<std::string> include = {};     ///< Files must match one of these; none: all do.
  std::vector<std::string> exclude = {};     ///< Files and folders that match one are left out.
  /// True for files that this program makes itself; they are left out of folders.
  std::function<bool(const Input&)> is_own_output = [](const Input&) { return false; };
  /// Told of each folder below an argument that is entered, by its path below it.
  std::function<void(const std::string&)> on_folder = [](const std::string&) {};
};

/// The inputs that `paths` stand for: arguments in their order, the files of a folder in the
/// bytewise order of their paths. No path at all means the current folder.
/// A folder gives its regular files with a known name, links to files included. A file named by
/// itself is always an input. Whatever cannot be looked at is an Input with a problem; nothing
/// throws and nothing is lost without a word.
std::vector<Input> find_inputs(const std::vector<std::string>& paths, const ScanOptions& options);

}  // namespace bulkhead::files
