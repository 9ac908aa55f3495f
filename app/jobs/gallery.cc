#include "jobs/gallery.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>

#include "display/escape.h"
#include "files/url.h"

namespace bulkhead::jobs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Photos</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 1rem; font: 0.8rem/1.4 system-ui, sans-serif; }
  h2 { font-size: 1rem; margin: 1.5rem 0 0.5rem; overflow-wrap: anywhere; }
  ul { display: flex; flex-wrap: wrap; gap: 1rem; margin: 0; padding: 0; list-style: none; }
  li { display: flex; }
  a { display: flex; flex-direction: column; justify-content: flex-end; color: inherit; text-decoration: none; }
  img { display: block; margin: auto; max-width: 90vw; height: auto; background: #8884; }
  span { max-width: 10rem; margin: 0.3rem auto 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  a:hover span, a:focus span { text-decoration: underline; }
</style>
</head>
<body>
)";

std::string html_text(std::string_view text) {
  std::string escaped;
  for (const char character : display::printable(text)) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

// Writes the addresses of files as they are seen from one folder.
class Addresses {
 public:
  Addresses(const std::string& folder, const std::string& current_folder)
      : current_folder_(current_folder), folder_(absolute(folder)) {}

  std::string operator()(const std::string& path) const {
    // "./": a name with a colon in it is no scheme then.
    const std::string relative = absolute(path).lexically_relative(folder_).string();
    return html_text("./" + files::url_path(relative));
  }

 private:
  fs::path absolute(const std::string& path) const {
    return (fs::path(current_folder_) / path).lexically_normal();
  }

  fs::path current_folder_;
  fs::path folder_;
};

std::string item_of(const ShownPhoto& photo, const Addresses& address) {
  const std::string name = html_text(photo.photo.substr(photo.photo.rfind('/') + 1));
  std::string size;
  if (photo.size != imaging::Extent{}) {
    size = " width=\"" + std::to_string(photo.size.width) + "\" height=\"" +
           std::to_string(photo.size.height) + "\"";
  }
  return "<li><a href=\"" + address(photo.photo) + "\"><img src=\"" +
         address(photo.thumbnails.front()) + "\" alt=\"\"" + size + " loading=\"lazy\"><span>" +
         name + "</span></a></li>\n";
}

// Else in their order, in which "x-y.jpg" stands between "x.jpg" and those of the folder "x".
std::vector<const ShownPhoto*> by_folder(std::span<const ShownPhoto> photos) {
  std::vector<const ShownPhoto*> sorted;
  std::ranges::transform(photos, std::back_inserter(sorted),
                         [](const ShownPhoto& photo) { return &photo; });
  std::ranges::stable_sort(sorted, {}, &ShownPhoto::folder);
  return sorted;
}

}  // namespace

std::string gallery_page(std::span<const ShownPhoto> photos, const std::string& folder,
                         const std::string& current_folder) {
  const Addresses address(folder, current_folder);
  std::string page(kHead);
  const ShownPhoto* previous = nullptr;
  for (const ShownPhoto* const photo : by_folder(photos)) {
    if (previous == nullptr || previous->folder != photo->folder) {
      page += previous != nullptr ? "</ul>\n" : "";
      page += photo->folder.empty() ? "" : "<h2>" + html_text(photo->folder) + "</h2>\n";
      page += "<ul>\n";
    }
    page += item_of(*photo, address);
    previous = photo;
  }
  return page + (previous != nullptr ? "</ul>\n" : "<p>No photos.</p>\n") + "</body>\n</html>\n";
}

}  // namespace bulkhead::jobs
