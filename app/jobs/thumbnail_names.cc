#include "jobs/thumbnail_names.h"

#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "jobs/output_format.h"

namespace bulkhead::jobs {
namespace {

using files::OutputNames;

// What the usual template puts behind a photo's name.
constexpr std::string_view kThumbnail = "_thumbnail";

std::string side_text(int side) {
  return side == 0 ? "" : std::to_string(side);
}

std::string usual_template(const ThumbnailsOptions& options) {
  if (!options.output.empty()) {
    return options.output;
  }
  const char* const size = options.sizes.size() > 1 ? "_{size}" : "";
  const char* const format = options.format_rule == FormatRule::Fixed
                                 ? extension_of(options.thumbnails.encoding.format)
                                 : "{format}";
  return "{dir}/{stem}" + std::string(kThumbnail) + size + "." + format;
}

Expected<std::string, std::string> template_of(const ThumbnailsOptions& options,
                                               const SizeSpec& size, const DesktopCache* cache) {
  if (cache == nullptr) {
    return usual_template(options);
  }
  auto in_cache = cache->template_for(size);
  if (!in_cache) {
    return Unexpected(std::string("--xdg has thumbnails of 128, 256, 512 and 1024 pixels only"));
  }
  return *std::move(in_cache);
}

std::function<std::string(std::string_view)> formats_of(const ThumbnailsOptions& options) {
  if (options.format_rule == FormatRule::Fixed) {
    return [format = std::string(extension_of(options.thumbnails.encoding.format))](
               std::string_view) { return format; };
  }
  return [rule = options.format_rule](std::string_view photo) {
    return std::string(extension_of(format_for_name(photo, rule)));
  };
}

}  // namespace

Expected<std::vector<OutputNames>, std::string> thumbnail_names(const ThumbnailsOptions& options,
                                                                const DesktopCache* cache,
                                                                const std::string& current_folder) {
  std::vector<OutputNames> all;
  std::set<std::string> sizes;
  for (const SizeSpec& size : options.sizes) {
    const auto text = template_of(options, size, cache);
    if (!text) {
      return Unexpected(text.error());
    }
    auto names = OutputNames::parse(*text, {.output_dir = options.output_dir,
                                            .current_folder = current_folder,
                                            .width = side_text(size.rule.box.width),
                                            .height = side_text(size.rule.box.height),
                                            .size = size.name,
                                            .format_of = formats_of(options)});
    if (!names) {
      return Unexpected(std::move(names.error()));
    }
    if (options.format_rule != FormatRule::Fixed && !names->tells_formats()) {
      return Unexpected(std::string("formats that differ need {format} in the output template"));
    }
    // In the cache each size has a folder.
    if (cache == nullptr && options.sizes.size() > 1 && !names->tells_sizes_apart()) {
      return Unexpected(std::string("several sizes need {size} in the output template"));
    }
    if (!sizes.insert(size.name).second) {
      return Unexpected("two sizes have the {size} " + size.name +
                        "; make them one after the other, with another --output each");
    }
    all.push_back(*std::move(names));
  }
  return all;
}

std::optional<std::string> photo_of_default_name(const std::string& path) {
  if (!format_named_by(path)) {
    return std::nullopt;
  }
  const std::string stem = path.substr(0, path.rfind('.'));
  const std::size_t behind_photo = stem.rfind(kThumbnail);
  if (behind_photo == std::string::npos || behind_photo == stem.rfind('/') + 1 ||
      behind_photo == 0) {
    return std::nullopt;
  }
  const std::string_view size = std::string_view(stem).substr(behind_photo + kThumbnail.size());
  const bool is_size = size.empty() || (size.size() > 1 && size.front() == '_' &&
                                        size.find_first_not_of("0123456789x", 1) == size.npos);
  return is_size ? std::optional(stem.substr(0, behind_photo)) : std::nullopt;
}

}  // namespace bulkhead::jobs
