#pragma once

#include <string>
#include <string_view>

namespace bulkhead::files {

/// A path as it stands in a URL: any byte that may mean something else there is written as %XX.
std::string url_path(std::string_view path);

/// The URI of a file by its absolute path, spelled as GLib does: "file:///home/me/a%20b.jpg".
std::string file_uri(std::string_view absolute_path);

}  // namespace bulkhead::files
