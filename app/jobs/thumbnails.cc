#include "jobs/thumbnails.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "display/console.h"
#include "files/file_error.h"
#include "files/find_inputs.h"
#include "files/output_names.h"
#include "files/output_plan.h"
#include "jobs/thumbnail_run.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using files::OutputNames;

std::string side_text(int side) {
  return side == 0 ? "" : std::to_string(side);
}

const char* extension_of(imaging::OutputFormat format) {
  switch (format) {
    case imaging::OutputFormat::Jpeg:
      return "jpg";
    case imaging::OutputFormat::Png:
      return "png";
    case imaging::OutputFormat::Webp:
      return "webp";
    case imaging::OutputFormat::Avif:
      return "avif";
  }
  return "";
}

std::string output_template(const ThumbnailsOptions& options) {
  if (!options.output.empty()) {
    return options.output;
  }
  const char* const size = options.sizes.size() > 1 ? "_{size}" : "";
  return std::string("{dir}/{stem}_thumbnail") + size + "." +
         extension_of(options.thumbnails.encoding.format);
}

Expected<OutputNames, std::string> output_names(const ThumbnailsOptions& options,
                                                const SizeSpec& size) {
  // Where it was removed nothing is relative to it, and absolute paths still are what they are.
  std::error_code removed;
  return OutputNames::parse(output_template(options),
                            {.output_dir = options.output_dir,
                             .current_folder = std::filesystem::current_path(removed).string(),
                             .width = side_text(size.rule.box.width),
                             .height = side_text(size.rule.box.height),
                             .size = size.name});
}

// The names for each of the sizes.
Expected<std::vector<OutputNames>, std::string> all_output_names(const ThumbnailsOptions& options) {
  std::vector<OutputNames> all;
  std::set<std::string> sizes;
  for (const SizeSpec& size : options.sizes) {
    auto names = output_names(options, size);
    if (!names) {
      return Unexpected(std::move(names.error()));
    }
    if (options.sizes.size() > 1 && !names->tells_sizes_apart()) {
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

files::OutputPlan plan(const ThumbnailsOptions& options, const std::vector<std::string>& paths,
                       const std::vector<OutputNames>& names) {
  // An empty list of files is no files, not the current folder.
  if (paths.empty() && !options.inputs.files_from.empty()) {
    return {{}, names};
  }
  files::ScanOptions scan = options.inputs.scan;
  std::size_t left_out = 0;
  scan.is_own_output = [&names, &left_out](const files::Input& input) {
    const bool is_own = std::ranges::any_of(
        names, [&](const OutputNames& of_size) { return of_size.is_own_output(input); });
    left_out += is_own ? 1 : 0;
    return is_own;
  };
  auto inputs = files::find_inputs(paths, scan);
  return {std::move(inputs), names, left_out};
}

int refuse(Console& console, const std::string& problem) {
  console.error("bulkhead thumbnails: " + problem);
  return static_cast<int>(ExitStatus::CannotStart);
}

}  // namespace

int run_thumbnails(const ThumbnailsOptions& options) {
  Console console(stdout, stderr,
                  options.quiet ? Console::Verbosity::Quiet : Console::Verbosity::Normal);
  const auto names = all_output_names(options);
  if (!names) {
    return refuse(console, names.error());
  }
  const auto paths = listed_paths(options.inputs);
  if (!paths) {
    return refuse(console, paths.error());
  }
  const files::OutputPlan photos = plan(options, *paths, *names);
  std::optional<display::RecordFile> report;
  if (!options.report.empty()) {
    report = display::RecordFile::create(options.report);
    if (!report) {
      return refuse(console, options.report + ": " + files::reason_of(errno));
    }
  }
  int status = ThumbnailRun(options, console, photos, report ? &*report : nullptr).run();
  if (report && !report->finish()) {
    console.error("bulkhead thumbnails: cannot write all records to " + options.report);
    status = std::max(status, static_cast<int>(ExitStatus::SomeFailed));
  }
  if (!console.is_intact()) {
    console.error("bulkhead thumbnails: cannot write to the standard output");
  }
  return status;
}

}  // namespace bulkhead::jobs
