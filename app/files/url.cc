#include "files/url.h"

namespace bulkhead::files {

std::string url_path(std::string_view path) {
  // What g_filename_to_uri() leaves as it is: others must find the same name for a file.
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$&'()*+,-./:=@_~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string url;
  for (const char character : path) {
    if (kPlain.find(character) != std::string_view::npos) {
      url += character;
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    url += '%';
    url += kDigits[byte / 16U];
    url += kDigits[byte % 16U];
  }
  return url;
}

std::string file_uri(std::string_view absolute_path) {
  return "file://" + url_path(absolute_path);
}

}  // namespace bulkhead::files
