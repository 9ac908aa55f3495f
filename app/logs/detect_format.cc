#include "logs/detect_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "logs/apache_format.h"
#include "logs/custom_format.h"
#include "logs/json_format.h"

namespace bulkhead::logs {
namespace {

using Made = std::unique_ptr<LogFormat>;

template <ApacheFormat::Host kHost, ApacheFormat::Fields kFields>
Made apache() {
  return std::make_unique<ApacheFormat>(kHost, kFields);
}

Made json() {
  return std::make_unique<JsonFormat>();
}

struct NamedFormat {
  std::string_view name;
  Made (*make)();
};

// Where two read the same lines, the first is taken: a virtual host in front could also be a client
// with an odd user behind it.
using enum ApacheFormat::Host;
using enum ApacheFormat::Fields;
constexpr std::array kFormats = {
    NamedFormat{"vcombined", apache<InFront, Combined>},
    NamedFormat{"combined", apache<Absent, Combined>},
    NamedFormat{"vcommon", apache<InFront, Common>},
    NamedFormat{"common", apache<Absent, Common>},
    NamedFormat{"json", json},
};

}  // namespace

Expected<Made, std::string> make_format(const std::string& text) {
  const auto known = std::ranges::find(kFormats, text, &NamedFormat::name);
  if (known != kFormats.end()) {
    return known->make();
  }
  if (text.find('%') == std::string::npos) {
    return Unexpected("there is no format '" + text + "'");
  }
  auto custom = CustomFormat::parse_text(text);
  if (!custom) {
    return Unexpected(std::move(custom.error()));
  }
  return std::make_unique<CustomFormat>(*std::move(custom));
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const NamedFormat& format : kFormats) {
    names.emplace_back(format.name);
  }
  return names;
}

FormatDetector::FormatDetector() {
  for (const NamedFormat& named : kFormats) {
    candidates_.push_back({.format = named.make()});
  }
}

void FormatDetector::add(std::string_view line) {
  for (Candidate& candidate : candidates_) {
    Request request;
    candidate.lines += candidate.format->parse(line, request) == LineProblem::None ? 1 : 0;
  }
}

bool FormatDetector::is_sure() const {
  constexpr std::size_t kEnough = 200;
  return std::ranges::any_of(candidates_,
                             [](const Candidate& each) { return each.lines >= kEnough; });
}

Made FormatDetector::best() {
  // The first of equal ones.
  const auto best = std::ranges::max_element(candidates_, {}, &Candidate::lines);
  return best->lines == 0 ? nullptr : std::move(best->format);
}

}  // namespace bulkhead::logs
