#include "jobs/thumbnails.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "display/console.h"
#include "files/find_inputs.h"
#include "files/output_names.h"
#include "files/publish.h"
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

Expected<OutputNames, std::string> output_names(const ThumbnailsOptions& options,
                                                const SizeSpec& size) {
  return OutputNames::parse(options.output,
                            {.output_dir = options.output_dir,
                             .current_folder = std::filesystem::current_path().string(),
                             .width = side_text(size.width),
                             .height = side_text(size.height),
                             .size = size.text});
}

Plan plan(const ThumbnailsOptions& options, const OutputNames& names) {
  return files::plan_outputs(
      files::find_inputs(options.paths, {.recursive = options.recursive,
                                         .is_own_output =
                                             [&names](const files::Input& input) {
                                               return names.is_own_output(input);
                                             }}),
      names);
}

bool has_output(const PlannedOutput& photo) {
  return photo.problem.empty();
}

imaging::Extent box_of(const SizeSpec& size) {
  return {size.width == 0 ? kMaxSide : size.width, size.height == 0 ? kMaxSide : size.height};
}

// One run: the plan, walked along as the outcomes come in, in the same order.
class ThumbnailRun {
 public:
  ThumbnailRun(const ThumbnailsOptions& options, Console& console, const Plan& plan)
      : options_(options),
        console_(console),
        plan_(plan),
        next_(plan.begin()),
        report_(console, options.json ? ReportForm::Json : ReportForm::Lines, plan.size()) {}

  int run(const SizeSpec& size) {
    const auto start = std::chrono::steady_clock::now();
    const RunReport cost = options_.dry_run ? RunReport{} : make_all(box_of(size));
    if (cost.interrupted_by == 0) {
      report_problems();
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
  RunReport make_all(imaging::Extent box) {
    std::vector<ThumbnailTask> tasks;
    for (const PlannedOutput& photo : plan_) {
      if (has_output(photo)) {
        tasks.push_back({photo.input.path, box, options_.quality});
      }
    }
    if (tasks.empty()) {
      return {};
    }
    return run_job(options_.run, make_one, tasks, [this](Outcome<ThumbnailReply>& outcome) {
      report_problems();
      take(*next_++, outcome);
    });
  }

  // What stands before the next photo that has an output: told when its turn has come.
  void report_problems() {
    for (; next_ != plan_.end() && (options_.dry_run || !has_output(*next_)); ++next_) {
      if (has_output(*next_)) {
        report_.planned(*next_);
      } else {
        report_.failed(*next_, next_->problem);
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
    const auto published = files::publish(photo.output, outcome->jpeg);
    if (!published) {
      return report_.failed(
          photo, "cannot save " + published.error().path + ": " + published.error().reason);
    }
    report_.made(photo, *outcome);
  }

  void tell_summary(const RunReport& cost, std::chrono::nanoseconds elapsed) {
    display::RunSummary summary = report_.counts();
    summary.not_tried = plan_.size() - summary.made - summary.failed;
    summary.elapsed = elapsed;
    summary.cpu = cost.cpu;
    summary.cores = usable_cpus();
    summary.busy = cost.busy;
    console_.closing(display::format_summary(summary));
  }

  const ThumbnailsOptions& options_;
  Console& console_;
  const Plan& plan_;
  Plan::const_iterator next_;
  ThumbnailReport report_;
};

int refuse(Console& console, const std::string& problem) {
  console.error("bulkhead thumbnails: " + problem);
  return static_cast<int>(ExitStatus::CannotStart);
}

}  // namespace

int run_thumbnails(const ThumbnailsOptions& options) {
  Console console(stdout, stderr,
                  options.quiet ? Console::Verbosity::Quiet : Console::Verbosity::Normal);
  const auto size = parse_size(options.size);
  if (!size) {
    return refuse(console, size.error());
  }
  const auto names = output_names(options, *size);
  if (!names) {
    return refuse(console, names.error());
  }
  const Plan photos = plan(options, *names);
  const int status = ThumbnailRun(options, console, photos).run(*size);
  if (!console.is_intact()) {
    console.error("bulkhead thumbnails: cannot write to the standard output");
  }
  return status;
}

}  // namespace bulkhead::jobs
