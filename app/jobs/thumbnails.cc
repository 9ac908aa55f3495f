#include "jobs/thumbnails.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "display/console.h"
#include "files/md5.h"
#include "files/output_plan.h"
#include "jobs/desktop_cache.h"
#include "jobs/overviews.h"
#include "jobs/piped_thumbnail.h"
#include "jobs/run_journal.h"
#include "jobs/thumbnail_marks.h"
#include "jobs/thumbnail_names.h"
#include "jobs/thumbnail_plan.h"
#include "jobs/thumbnail_run.h"

namespace bulkhead::jobs {
namespace {

using display::Console;

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

// After a stop there would be a part of them in place of all, so there are none.
int overviews_of(const ThumbnailsOptions& options, const ThumbnailRun& run, Console& console) {
  const bool are_wanted = !options.gallery.empty() || !options.contact_sheet.empty();
  if (!run.has_stopped()) {
    return make_overviews(options, run.shown(), console);
  }
  if (are_wanted) {
    console.error("bulkhead thumbnails: the overviews were not made, as the run was stopped");
  }
  return static_cast<int>(ExitStatus::SomeFailed);
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
  const files::OutputPlan photos = plan_thumbnails(options, *paths, *names, cache);
  if (const std::string problem = problem_of_other_files(options, photos); !problem.empty()) {
    return refuse(console, problem);
  }
  auto opened = open_report(options.report);
  if (!opened) {
    return refuse(console, opened.error());
  }
  auto journal = RunJournal::open(options.journal, job_of(options));
  if (!journal) {
    return refuse(console, journal.error());
  }
  RecordFile* const report = *opened ? &**opened : nullptr;
  ThumbnailRun run(options, photos,
                   {.console = console, .journal = *journal, .report = report, .cache = cache});
  int status = run.run();
  const bool was_interrupted = status > static_cast<int>(ExitStatus::CannotStart);
  if (!options.dry_run && !was_interrupted) {
    status = std::max(status, overviews_of(options, run, console));
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
