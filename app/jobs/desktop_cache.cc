#include "jobs/desktop_cache.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "files/md5.h"
#include "files/output_template.h"
#include "files/publish.h"
#include "files/url.h"
#include "imaging/png_text.h"

namespace bulkhead::jobs {
namespace {

namespace fs = std::filesystem;

struct SizeFolder {
  int side;
  const char* name;
};

constexpr std::array kSizeFolders = {SizeFolder{128, "normal"}, SizeFolder{256, "large"},
                                     SizeFolder{512, "x-large"}, SizeFolder{1024, "xx-large"}};

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Where nothing says where it is, that of the user; empty for one that nobody knows.
std::string home() {
  const std::string told = environment("HOME");
  if (told.starts_with('/')) {
    return told;
  }
  // Before any thread of the program.
  const struct passwd* const user = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe)
  return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
}

// XDG Base Directory Specification 0.8: a relative path is to be ignored.
std::string cache_home() {
  const std::string cache = environment("XDG_CACHE_HOME");
  if (cache.starts_with('/')) {
    return cache;
  }
  const std::string above = home();
  return above.empty() ? "" : above + "/.cache";
}

bool is_square_box(const imaging::SizeRule& rule, int side) {
  return rule.box == imaging::Extent{side, side} && rule.percent == 0 && rule.area == 0 &&
         rule.fit == imaging::Fit::Inside && rule.scaling == imaging::Scaling::OnlyDown;
}

}  // namespace

DesktopCache::DesktopCache(std::string current_folder, const std::string& cache_home)
    : current_folder_(std::move(current_folder)), folder_(cache_home + "/thumbnails") {}

Expected<DesktopCache, std::string> DesktopCache::open(std::string current_folder) {
  const std::string folder = cache_home();
  if (folder.empty()) {
    return Unexpected(std::string("--xdg: neither XDG_CACHE_HOME nor HOME says where to"));
  }
  return DesktopCache(std::move(current_folder), folder);
}

std::optional<std::string> DesktopCache::template_for(const SizeSpec& size) const {
  for (const SizeFolder& known : kSizeFolders) {
    if (is_square_box(size.rule, known.side)) {
      return files::as_literal(folder_) + "/" + known.name + "/{md5}.png";
    }
  }
  return std::nullopt;
}

bool DesktopCache::holds(const std::string& path) const {
  const std::string absolute = (fs::path(current_folder_) / path).lexically_normal().string();
  return absolute.starts_with(fs::path(folder_).lexically_normal().string() + "/");
}

Expected<void, files::FileError> DesktopCache::save(const std::string& photo,
                                                    const std::string& output,
                                                    const ThumbnailReply& reply, std::size_t index,
                                                    files::Mark mark) const {
  const auto png = imaging::with_texts(
      reply.made.at(index).bytes, {{"Thumb::URI", uri_of(photo)},
                                   {"Thumb::MTime", std::to_string(reply.modified)},
                                   {"Thumb::Size", std::to_string(reply.source_bytes)},
                                   {"Thumb::Image::Width", std::to_string(reply.source.width)},
                                   {"Thumb::Image::Height", std::to_string(reply.source.height)},
                                   {"Software", "bulkhead thumbnails"}});
  auto saved = files::publish(output, png, {.mark = mark, .access = files::Access::OwnerOnly});
  if (saved) {
    static_cast<void>(::unlink(failure_of(photo).c_str()));
  }
  return saved;
}

void DesktopCache::save_failure(const std::string& photo, files::Mark mark) const {
  const auto modified = files::modified(photo);
  if (modified) {
    const auto png =
        imaging::with_texts(imaging::empty_png(), {{"Thumb::URI", uri_of(photo)},
                                                   {"Thumb::MTime", std::to_string(*modified)},
                                                   {"Software", "bulkhead thumbnails"}});
    static_cast<void>(
        files::publish(failure_of(photo), png, {.mark = mark, .access = files::Access::OwnerOnly}));
  }
}

bool DesktopCache::is_known_failure(const std::string& photo, files::Mark mark) const {
  return files::is_up_to_date(photo, failure_of(photo), mark);
}

std::string DesktopCache::uri_of(const std::string& path) const {
  return files::file_uri((fs::path(current_folder_) / path).lexically_normal().string());
}

std::string DesktopCache::failure_of(const std::string& photo) const {
  return folder_ + "/fail/bulkhead-thumbnails/" + files::md5_hex(uri_of(photo)) + ".png";
}

}  // namespace bulkhead::jobs
