#include "jobs/colour_options.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "files/read_file.h"
#include "imaging/profile.h"
#include "jobs/colour_name.h"

namespace bulkhead::jobs {
namespace {

using imaging::KeptExif;
using imaging::ProfileUse;
using imaging::ThumbnailOptions;

void use_profile_file(const std::string& name, ThumbnailOptions& thumbnails) {
  auto profile = files::read_file(name);
  const std::string problem =
      profile ? imaging::problem_of_target(*profile) : profile.error().reason;
  if (!problem.empty()) {
    throw CLI::ValidationError("--icc", name + ": " + problem);
  }
  thumbnails.profile = ProfileUse::Convert;
  thumbnails.target_profile = *std::move(profile);
}

void read_icc(const std::string& text, ThumbnailOptions& thumbnails) {
  if (text == "srgb") {
    thumbnails.profile = ProfileUse::Convert;
  } else if (text == "keep") {
    thumbnails.profile = ProfileUse::Keep;
  } else if (text == "none") {
    thumbnails.profile = ProfileUse::Ignore;
  } else {
    use_profile_file(text, thumbnails);
  }
}

void keep_part(const std::string& part, ThumbnailOptions& thumbnails) {
  static constexpr std::array<std::string_view, 6> kParts = {"icc",  "exif",      "xmp",
                                                             "iptc", "copyright", "all"};
  if (std::ranges::find(kParts, part) == kParts.end()) {
    throw CLI::ValidationError("--keep",
                               "'" + part + "' is not icc, exif, xmp, iptc, copyright or all");
  }
  if (part == "icc" || part == "all") {
    thumbnails.profile = ProfileUse::Keep;
  }
  if (part == "exif" || part == "all") {
    thumbnails.kept.exif = KeptExif::All;
  } else if (part == "copyright" && thumbnails.kept.exif == KeptExif::None) {
    thumbnails.kept.exif = KeptExif::Author;
  }
  thumbnails.kept.xmp = thumbnails.kept.xmp || part == "xmp" || part == "all";
  thumbnails.kept.iptc = thumbnails.kept.iptc || part == "iptc" || part == "all";
}

void read_background(const std::string& text, ThumbnailOptions& thumbnails) {
  const auto colour = parse_colour(text);
  if (!colour) {
    throw CLI::ValidationError("--background", colour.error());
  }
  thumbnails.background = *colour;
  thumbnails.alpha = imaging::AlphaUse::Flatten;
}

}  // namespace

void add_colour_options(CLI::App& command, ThumbnailOptions& thumbnails) {
  // Before --icc: what stands there is read later, and counts.
  command
      .add_option_function<std::string>(
          "--keep",
          [&thumbnails](const std::string& parts) {
            for (const std::string& part : CLI::detail::split(parts, ',')) {
              keep_part(part, thumbnails);
            }
          },
          "Keep of what photos say: the colour profile, as --icc keep does; all EXIF; XMP; in "
          "JPEGs "
          "IPTC; of EXIF artist and copyright alone")
      ->option_text("icc,exif,xmp,iptc,copyright|all [nothing]");
  command
      .add_option_function<std::string>(
          "--icc", [&thumbnails](const std::string& text) { read_icc(text, thumbnails); },
          "Which colours: sRGB, the photo's with its profile, those of a profile in FILE; none: "
          "profiles are not looked at")
      ->option_text("srgb|keep|none|FILE [srgb]");
  command.add_flag_callback(
      "--linear", [&thumbnails] { thumbnails.mixing = imaging::Mixing::Light; },
      "Mix pixels as amounts of light");
  command
      .add_option_function<std::string>(
          "--background",
          [&thumbnails](const std::string& text) { read_background(text, thumbnails); },
          "Behind what is transparent and around; without it that stays transparent, but in JPEGs")
      ->option_text("white|black|grey|#rrggbb [white]");
}

}  // namespace bulkhead::jobs
