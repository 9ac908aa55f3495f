#include "jobs/thumbnails.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "display/console.h"
#include "files/file_list.h"
#include "files/find_inputs.h"
#include "files/mark.h"
#include "files/output_names.h"
#include "files/publish.h"
#include "jobs/thumbnail_marks.h"
#include "jobs/thumbnail_report.h"
#include "jobs/thumbnail_task.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using files::OutputNames;
using files::PlannedOutput;
using Plan = std::vector<PlannedOutput>;

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
  return OutputNames::parse(output_template(options),
                            {.output_dir = options.output_dir,
                             .current_folder = std::filesystem::current_path().string(),
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
      return Unexpected("two sizes have the name " + size.name);
    }
    all.push_back(*std::move(names));
  }
  return all;
}

// The arguments, and what the list of files adds to them.
Expected<std::vector<std::string>, std::string> paths_of(const ThumbnailsOptions& options) {
  std::vector<std::string> paths = options.paths;
  if (options.files_from.empty()) {
    return paths;
  }
  auto listed = files::read_file_list(options.files_from, options.name_end);
  if (!listed) {
    return Unexpected(listed.error().path + ": " + listed.error().reason);
  }
  std::ranges::move(*listed, std::back_inserter(paths));
  return paths;
}

Plan plan(const ThumbnailsOptions& options, const std::vector<std::string>& paths,
          const std::vector<OutputNames>& names) {
  // An empty list of files is no files, not the current folder.
  if (paths.empty() && !options.files_from.empty()) {
    return {};
  }
  files::ScanOptions scan = options.scan;
  scan.is_own_output = [&names](const files::Input& input) {
    return std::ranges::any_of(
        names, [&](const OutputNames& of_size) { return of_size.is_own_output(input); });
  };
  return files::plan_outputs(files::find_inputs(paths, scan), names);
}

imaging::ThumbnailOptions thumbnails_of(const ThumbnailsOptions& options) {
  imaging::ThumbnailOptions thumbnails = options.thumbnails;
  thumbnails.sizes.clear();
  for (const SizeSpec& size : options.sizes) {
    thumbnails.sizes.push_back(size.rule);
  }
  return thumbnails;
}

// One run: the plan, walked along as the outcomes come in, in the same order.
class ThumbnailRun {
 public:
  ThumbnailRun(const ThumbnailsOptions& options, Console& console, const Plan& plan)
      : options_(options),
        console_(console),
        plan_(plan),
        thumbnails_(thumbnails_of(options)),
        marks_(marks_of(thumbnails_)),
        next_(plan.begin()),
        report_(console, options.json ? ReportForm::Json : ReportForm::Lines, plan.size()) {
    std::ranges::transform(plan, std::back_inserter(fates_),
                           [this](const PlannedOutput& photo) { return fate_of(photo); });
  }

  int run() {
    const auto start = std::chrono::steady_clock::now();
    const RunReport cost = options_.dry_run ? RunReport{} : make_all();
    if (cost.interrupted_by == 0 && !has_stopped_) {
      tell_what_is_not_made();
    }
    if (!options_.dry_run) {
      tell_summary(cost, std::chrono::steady_clock::now() - start);
    }
    if (cost.interrupted_by != 0) {
      constexpr int kSignalBase = 128;
      return kSignalBase + cost.interrupted_by;
    }
    const bool is_complete = report_.counts().failed == 0 && console_.is_intact();
    return static_cast<int>(is_complete ? ExitStatus::Done : ExitStatus::SomeFailed);
  }

 private:
  // What is to become of a photo, known before the run.
  enum class Fate : std::uint8_t { Made, Skipped, Failed };

  Fate fate_of(const PlannedOutput& photo) const {
    if (!photo.problem.empty()) {
      return Fate::Failed;
    }
    for (std::size_t i = 0; i < photo.outputs.size(); ++i) {
      if (!is_skipped(photo, i)) {
        return Fate::Made;
      }
    }
    return Fate::Skipped;
  }

  bool is_skipped(const PlannedOutput& photo, std::size_t size) const {
    switch (options_.skip) {
      case SkipRule::None:
        return false;
      case SkipRule::Existing:
        return files::exists(photo.outputs[size]);
      case SkipRule::UpToDate:
        return files::is_up_to_date(photo.input.path, photo.outputs[size], marks_[size]);
    }
    return false;
  }

  RunReport make_all() {
    std::vector<ThumbnailTask> tasks;
    for (std::size_t i = 0; i < plan_.size(); ++i) {
      if (fates_[i] == Fate::Made) {
        tasks.push_back({plan_[i].input.path, thumbnails_});
      }
    }
    if (tasks.empty()) {
      return {};
    }
    return run_job(options_.run, make_one, tasks, [this](Outcome<ThumbnailReply>& outcome) {
      tell_what_is_not_made();
      take(*next_++, outcome);
      has_stopped_ = options_.after_failure == AfterFailure::Stop && report_.counts().failed != 0;
      return has_stopped_ ? AfterOutcome::Stop : AfterOutcome::GoOn;
    });
  }

  // What stands before the next photo that is made: told when its turn has come.
  void tell_what_is_not_made() {
    for (; next_ != plan_.end(); ++next_) {
      switch (fates_[static_cast<std::size_t>(next_ - plan_.begin())]) {
        case Fate::Failed:
          report_.failed(*next_, next_->problem);
          break;
        case Fate::Skipped:
          report_.skipped(*next_);
          break;
        case Fate::Made:
          if (!options_.dry_run) {
            return;
          }
          report_.planned(*next_);
          break;
      }
    }
  }

  void take(const PlannedOutput& photo, const Outcome<ThumbnailReply>& outcome) {
    if (!outcome && outcome.error().kind == FailureKind::Cancelled) {
      return report_.not_tried();
    }
    if (!outcome) {
      return report_.failed(photo, outcome.error());
    }
    if (!outcome->error.empty()) {
      return report_.failed(photo, outcome->error);
    }
    if (options_.strict && !outcome->damage.empty()) {
      return report_.failed(photo, "damaged: " + outcome->damage);
    }
    for (std::size_t i = 0; i < photo.outputs.size(); ++i) {
      const auto published = files::publish(photo.outputs[i], outcome->made.at(i).bytes, marks_[i]);
      if (!published) {
        return report_.failed(
            photo, "cannot save " + published.error().path + ": " + published.error().reason);
      }
    }
    report_.made(photo, *outcome);
  }

  void tell_summary(const RunReport& cost, std::chrono::nanoseconds elapsed) {
    display::RunSummary summary = report_.counts();
    summary.thumbnails_each = options_.sizes.size();
    summary.not_tried = plan_.size() - summary.made - summary.skipped - summary.failed;
    summary.elapsed = elapsed;
    summary.cpu = cost.cpu;
    summary.cores = usable_cpus();
    summary.busy = cost.busy;
    console_.closing(display::format_summary(summary));
  }

  const ThumbnailsOptions& options_;
  Console& console_;
  const Plan& plan_;
  imaging::ThumbnailOptions thumbnails_;
  std::vector<files::Mark> marks_;  // of each size
  std::vector<Fate> fates_;         // of each photo of the plan
  Plan::const_iterator next_;
  ThumbnailReport report_;
  bool has_stopped_ = false;
};

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
  const auto paths = paths_of(options);
  if (!paths) {
    return refuse(console, paths.error());
  }
  const Plan photos = plan(options, *paths, *names);
  const int status = ThumbnailRun(options, console, photos).run();
  if (!console.is_intact()) {
    console.error("bulkhead thumbnails: cannot write to the standard output");
  }
  return status;
}

}  // namespace bulkhead::jobs
