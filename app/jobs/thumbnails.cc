#include "jobs/thumbnails.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "display/console.h"
#include "files/find_inputs.h"
#include "files/md5.h"
#include "files/output_names.h"
#include "files/output_plan.h"
#include "jobs/desktop_cache.h"
#include "jobs/overviews.h"
#include "jobs/piped_thumbnail.h"
#include "jobs/run_journal.h"
#include "jobs/thumbnail_marks.h"
#include "jobs/thumbnail_names.h"
#include "jobs/thumbnail_run.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using files::OutputNames;

files::OutputPlan plan(const ThumbnailsOptions& options, const std::vector<std::string>& paths,
                       const std::vector<OutputNames>& names, const DesktopCache* cache) {
  // An empty list of files is no files, not the current folder.
  if (paths.empty() && !options.inputs.files_from.empty()) {
    return {{}, names};
  }
  files::ScanOptions scan = options.inputs.scan;
  std::size_t left_out = 0;
  const std::string sheet =
      options.contact_sheet.empty() ? "" : names.front().identity(options.contact_sheet);
  scan.is_own_output = [&](const files::Input& input) {
    const bool is_own = (cache != nullptr && cache->holds(input.path)) ||
                        is_contact_sheet(names.front().identity(input.path), sheet) ||
                        std::ranges::any_of(names, [&](const OutputNames& of_size) {
                          return of_size.is_own_output(input);
                        });
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

// Nothing where none is asked for. Errors: a line for the user.
Expected<std::optional<DesktopCache>, std::string> cache_of(const ThumbnailsOptions& options,
                                                            const std::string& current_folder) {
  if (!options.xdg) {
    return std::optional<DesktopCache>();
  }
  auto opened = DesktopCache::open(current_folder);
  if (!opened) {
    return Unexpected(std::move(opened).error());
  }
  return std::optional(*std::move(opened));
}

// Nothing where none is asked for. Errors: a line for the user.
Expected<std::optional<RecordFile>, std::string> open_report(const std::string& path) {
  if (path.empty()) {
    return std::optional<RecordFile>();
  }
  auto report = RecordFile::create(path, record_columns());
  if (!report) {
    return Unexpected(path + ": " + report.error().reason);
  }
  return std::optional(*std::move(report));
}

// Differs between runs that give a photo other thumbnails, or other places.
std::string job_of(const ThumbnailsOptions& options) {
  std::string text = options.output + '\n' + options.output_dir + '\n' +
                     std::to_string(static_cast<int>(options.format_rule)) +
                     std::to_string(static_cast<int>(options.strict)) +
                     std::to_string(static_cast<int>(options.xdg));
  for (const auto& [format, marks] : marks_by_format(thumbnails_of(options))) {
    for (const files::Mark mark : marks) {
      text += ' ' + std::to_string(mark.nanoseconds);
    }
  }
  return "thumbnails " + files::md5_hex(text);
}

// False, and said so, when the report is not at its place.
bool publish(RecordFile& report, Console& console) {
  const auto published = report.publish();
  if (!published) {
    console.error("bulkhead thumbnails: cannot write " + published.error().path + ": " +
                  published.error().reason);
  }
  return published.has_value();
}

}  // namespace

imaging::ThumbnailOptions thumbnails_of(const ThumbnailsOptions& options) {
  imaging::ThumbnailOptions thumbnails = options.thumbnails;
  thumbnails.sizes.clear();
  for (const SizeSpec& size : options.sizes) {
    thumbnails.sizes.push_back(size.rule);
  }
  return thumbnails;
}

int run_thumbnails(const ThumbnailsOptions& options) {
  Console console(stdout, stderr, options.verbosity, options.progress);
  if (is_piped(options)) {
    const auto status = run_piped(options);
    return status ? *status : refuse(console, status.error());
  }
  // Where it was removed nothing is relative to it, and absolute paths still are what they are.
  std::error_code removed;
  const std::string current_folder = std::filesystem::current_path(removed).string();
  const auto shared_cache = cache_of(options, current_folder);
  if (!shared_cache) {
    return refuse(console, shared_cache.error());
  }
  const DesktopCache* const cache = *shared_cache ? &**shared_cache : nullptr;
  const auto names = thumbnail_names(options, cache, current_folder);
  if (!names) {
    return refuse(console, names.error());
  }
  const auto paths = listed_paths(options.inputs);
  if (!paths) {
    return refuse(console, paths.error());
  }
  const files::OutputPlan photos = plan(options, *paths, *names, cache);
  auto opened = open_report(options.report);
  if (!opened) {
    return refuse(console, opened.error());
  }
  auto journal = RunJournal::open(options.journal, job_of(options));
  if (!journal) {
    return refuse(console, journal.error());
  }
  RecordFile* const report = *opened ? &**opened : nullptr;
  ThumbnailRun run(
      options, photos,
      {.console = console, .journal = *journal, .report = report, .cache = cache});
  int status = run.run();
  const bool was_interrupted = status > static_cast<int>(ExitStatus::CannotStart);
  if (!options.dry_run && !was_interrupted && !make_overviews(options, run.shown(), console)) {
    status = static_cast<int>(ExitStatus::SomeFailed);
  }
  if (report != nullptr && !publish(*report, console)) {
    status = std::max(status, static_cast<int>(ExitStatus::SomeFailed));
  }
  if (!console.is_intact()) {
    console.error("bulkhead thumbnails: cannot write to the standard output");
  }
  return status;
}

}  // namespace bulkhead::jobs
