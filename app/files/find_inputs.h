#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::files {

/// One thing the user asked for: a photo to try, or a path with the reason why it cannot be tried.
struct Input {
  std::string path;  ///< as given, or as it continues a folder as given; to open and to print
  std::string reldir =
      {};  ///< its folder below the folder argument; empty for a file named by itself
  std::string problem = {};  ///< why it cannot be tried; empty when it can
};

/// How folders are searched.
struct ScanOptions {
  bool recursive = false;
  /// True for files that this program makes itself; they are left out of folders.
  std::function<bool(const Input&)> is_own_output = [](const Input&) { return false; };
};

/// Whether a name ends like a photo's, in any case: .jpg, .jpeg, .jpe, .jfif, .mpo, .png, .gif,
/// .webp, .tif, .tiff, .bmp, .heic, .heif, .hif or .avif.
bool is_photo_name(std::string_view name);

/// The inputs that `paths` stand for: arguments in their order, the photos of a folder in the
/// bytewise order of their paths. No path at all means the current folder.
/// A folder gives its regular files with a photo's name (links to files included, hidden names
/// not); links to folders are not entered. A file named by itself is always an input. Whatever
/// cannot be looked at is an Input with a problem; nothing throws and nothing is lost without a
/// word.
std::vector<Input> find_inputs(const std::vector<std::string>& paths, const ScanOptions& options);

}  // namespace bulkhead::files
