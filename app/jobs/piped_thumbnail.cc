#include "jobs/piped_thumbnail.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "files/publish.h"
#include "files/read_file.h"
#include "imaging/file_format.h"
#include "jobs/thumbnail_names.h"
#include "run_job.h"

namespace bulkhead::jobs {
namespace {

using display::Console;

constexpr const char* kStream = "-";

bool has_stream(const std::vector<std::string>& paths) {
  return std::ranges::find(paths, kStream) != paths.end();
}

bool is_to_stream(const ThumbnailsOptions& options) {
  return options.output.empty() || options.output == kStream;
}

// The first option that is for folders of photos; empty: there is none.
std::string option_of_many(const ThumbnailsOptions& options) {
  const std::array<std::pair<bool, const char*>, 11> all = {{
      {!options.output_dir.empty(), "--output-dir"},
      {options.xdg, "--xdg"},
      {!options.gallery.empty(), "--gallery"},
      {!options.contact_sheet.empty(), "--contact-sheet"},
      {options.skip == SkipRule::UpToDate, "--update"},
      {options.skip == SkipRule::Existing, "--skip-existing"},
      {options.dry_run, "--dry-run"},
      {options.form == ReportForm::Json, "--json"},
      {!options.report.empty(), "--report"},
      {!options.journal.path.empty(), "--journal"},
      {options.journal.fsync.has_value(), "--fsync"},
  }};
  const auto* const found = std::ranges::find(all, true, &std::pair<bool, const char*>::first);
  return found == all.end() ? "" : found->second;
}

// Why the options do not go together; empty: they do.
std::string problem_of(const ThumbnailsOptions& options) {
  if (options.inputs.paths.size() != 1 || !options.inputs.files_from.empty()) {
    return has_stream(options.inputs.paths)
               ? "- is one picture on the standard input, and no other goes with it"
               : "--output - takes one photo";
  }
  if (options.sizes.size() > 1) {
    return "one picture is made in one size here";
  }
  const std::string other = option_of_many(options);
  if (!other.empty()) {
    return other + " does not go with a picture on the standard input or output";
  }
  if (is_to_stream(options) && ::isatty(STDOUT_FILENO) != 0) {
    return "the standard output is a terminal; send it to a file or a program";
  }
  return "";
}

// The photo; how it is to be written is put down in the options.
Expected<ThumbnailTask, std::string> task_of(ThumbnailsOptions& options) {
  ThumbnailTask task{.path = options.inputs.paths.front()};
  std::optional<imaging::FileFormat> content_format;
  if (task.path == kStream) {
    auto content = files::read_standard_input();
    if (!content) {
      return Unexpected(content.error().path + ": " + content.error().reason);
    }
    content_format = imaging::format_of(*content);
    task.content = *std::move(content);
  }
  if (options.format_rule != FormatRule::Fixed) {
    options.thumbnails.encoding.format =
        task.content ? format_for_content(content_format, options.format_rule)
                     : format_for_name(task.path, options.format_rule);
    options.format_rule = FormatRule::Fixed;
  }
  task.format = options.thumbnails.encoding.format;
  return task;
}

Expected<std::string, std::string> output_of(const ThumbnailsOptions& options) {
  if (is_to_stream(options)) {
    return std::string(kStream);
  }
  std::error_code removed;
  const auto names =
      thumbnail_names(options, nullptr, std::filesystem::current_path(removed).string());
  if (!names) {
    return Unexpected(names.error());
  }
  return names->front().output_for({.path = options.inputs.paths.front()});
}

// What went wrong; empty: nothing.
std::string save(const std::string& output, std::span<const std::byte> bytes) {
  if (output != kStream) {
    const auto published = files::publish(output, bytes);
    return published ? "" : "cannot save " + output + ": " + published.error().reason;
  }
  const bool is_written = std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() &&
                          std::fflush(stdout) == 0;
  return is_written ? "" : "cannot write to the standard output";
}

void take(const Outcome<ThumbnailReply>& outcome, const files::PlannedOutput& photo, bool is_strict,
          ThumbnailReport& report) {
  if (!outcome && outcome.error().kind == FailureKind::Cancelled) {
    return report.not_tried();
  }
  if (!outcome) {
    return report.failed(photo, outcome.error());
  }
  if (!outcome->error.empty()) {
    return report.failed(photo, *outcome);
  }
  if (is_strict && !outcome->damage.empty()) {
    return report.failed(photo, "damaged: " + outcome->damage);
  }
  const std::string problem = save(photo.outputs.front(), outcome->made.front().bytes);
  return problem.empty() ? report.made(photo, *outcome) : report.failed(photo, problem);
}

}  // namespace

bool is_piped(const ThumbnailsOptions& options) {
  return has_stream(options.inputs.paths) || options.output == kStream;
}

Expected<int, std::string> run_piped(const ThumbnailsOptions& asked) {
  if (const std::string problem = problem_of(asked); !problem.empty()) {
    return Unexpected(problem);
  }
  ThumbnailsOptions options = asked;
  auto task = task_of(options);
  if (!task) {
    return Unexpected(task.error());
  }
  auto output = output_of(options);
  if (!output) {
    return Unexpected(output.error());
  }
  const files::PlannedOutput photo{{.path = task->path}, {*std::move(output)}, {}};
  // No line: the standard output is for the picture.
  Console console(stdout, stderr, Console::Verbosity::Quiet, Console::ShowProgress::Never);
  ThumbnailReport report(console, ReportForm::Lines, 1);
  const std::vector<ThumbnailTask> tasks = {*std::move(task)};
  const RunReport cost = run_job(options.run, partial(make_one, thumbnails_of(options)), tasks,
                                 [&](Outcome<ThumbnailReply>& outcome) {
                                   if (outcome) {
                                     check(*outcome, 1);
                                   }
                                   take(outcome, photo, options.strict, report);
                                   return AfterOutcome::GoOn;
                                 });
  if (cost.interrupted_by != 0) {
    return status_of_signal(cost.interrupted_by);
  }
  return static_cast<int>(report.counts().failed == 0 ? ExitStatus::Done : ExitStatus::SomeFailed);
}

}  // namespace bulkhead::jobs
