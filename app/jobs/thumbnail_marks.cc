#include "jobs/thumbnail_marks.h"

#include <sstream>

namespace bulkhead::jobs {
namespace {

// Raised when thumbnails of the same options come to look different.
constexpr int kVersion = 2;

template <class Enum>
int number(Enum value) {
  return static_cast<int>(value);
}

void describe(const imaging::SizeRule& rule, std::ostream& text) {
  text << ' ' << rule.box.width << ' ' << rule.box.height << ' ' << rule.percent << ' ' << rule.area
       << ' ' << number(rule.fit) << ' ' << number(rule.scaling) << ' ' << rule.gravity.x << ' '
       << rule.gravity.y << ' ' << number(rule.interest);
}

void describe(const imaging::Encoding& encoding, std::ostream& text) {
  text << ' ' << number(encoding.format) << ' ' << encoding.quality << ' '
       << number(encoding.chroma) << ' ' << number(encoding.scans) << ' ' << number(encoding.tables)
       << ' ' << encoding.max_bytes;
}

}  // namespace

std::vector<files::Mark> marks_of(const imaging::ThumbnailOptions& options) {
  std::vector<files::Mark> marks;
  for (const imaging::SizeRule& rule : options.sizes) {
    std::ostringstream text;
    text << kVersion;
    describe(rule, text);
    describe(options.encoding, text);
    for (const int channel : options.background) {
      text << ' ' << channel;
    }
    text << ' ' << number(options.mixing) << ' ' << number(options.turning) << ' '
         << number(options.profile) << ' ' << number(options.from) << ' ' << number(options.filter);
    text << ' ' << number(options.kept.exif) << options.kept.xmp << options.kept.iptc << ' '
         << number(options.alpha) << ' ' << options.sharpen_percent << ' ';
    text.write(reinterpret_cast<const char*>(options.target_profile.data()),
               static_cast<std::streamsize>(options.target_profile.size()));
    marks.push_back(files::mark_of(text.str()));
  }
  return marks;
}

std::map<imaging::OutputFormat, std::vector<files::Mark>> marks_by_format(
    imaging::ThumbnailOptions options) {
  using imaging::OutputFormat;
  std::map<OutputFormat, std::vector<files::Mark>> marks;
  for (const OutputFormat format :
       {OutputFormat::Jpeg, OutputFormat::Png, OutputFormat::Webp, OutputFormat::Avif}) {
    options.encoding.format = format;
    marks[format] = marks_of(options);
  }
  return marks;
}

}  // namespace bulkhead::jobs
