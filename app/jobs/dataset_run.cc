#include "jobs/dataset_run.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

#include "dataset/inspect.h"
#include "dataset/read_back.h"
#include "display/escape.h"
#include "display/numbers.h"
#include "display/summary.h"

namespace bulkhead::jobs {
namespace {

using dataset::Fate;
using dataset::Inspection;
using dataset::Sample;
using display::printable;

const char* name_of(Fate fate) {
  switch (fate) {
    case Fate::Rejected:
      return "rejected";
    case Fate::Filtered:
      return "filtered";
    case Fate::Duplicate:
      return "duplicate";
  }
  return "";
}

}  // namespace

DatasetRun::DatasetRun(const DatasetOptions& options, display::Console& console,
                       const DatasetInputs& inputs, const dataset::LabelTable* table)
    : options_(options), console_(console), inputs_(inputs), table_(table) {
  counts_.in = inputs.pictures.size();
}

int DatasetRun::run() {
  // It outlives the folder, so that a signal comes when nothing half-written is left.
  JobSession session(options_.run);
  auto folder = files::PendingFolder::create(options_.output);
  if (!folder) {
    tell_problem(Unexpected(folder.error().path + ": " + folder.error().reason));
    return static_cast<int>(ExitStatus::CannotStart);
  }
  auto rejects = RejectsFile::create(
      options_.rejects.empty() ? folder->temporary_path() + "/rejects.jsonl" : options_.rejects);
  if (!rejects) {
    tell_problem(Unexpected(std::move(rejects.error())));
    return static_cast<int>(ExitStatus::CannotStart);
  }
  inspect_all(session);
  if (const auto status = stopped(session)) {
    return *status;
  }
  if (!make_plan(session, *folder)) {
    return static_cast<int>(ExitStatus::CannotStart);
  }
  return make_and_publish(session, *folder, *rejects);
}

int DatasetRun::make_and_publish(JobSession& session, files::PendingFolder& folder,
                                 RejectsFile& rejects) {
  constexpr auto kFailed = static_cast<int>(ExitStatus::SomeFailed);
  if (plan_.samples.empty()) {
    return end_without_samples(session, rejects);
  }
  auto writer = DatasetWriter::create(options_, plan_, candidates_, folder.temporary_path());
  if (!writer) {
    tell_problem(Unexpected(std::move(writer.error())));
    return kFailed;
  }
  const bool is_written = make_all(session, *writer);
  if (const auto status = stopped(session)) {
    return *status;
  }
  if (!is_written) {
    return kFailed;
  }
  if (!counts_.is_balanced()) {
    tell_problem(Unexpected(std::string("pictures were lost count of, nothing is written")));
    return kFailed;
  }
  if (counts_.out == 0) {
    return end_without_samples(session, rejects);
  }
  const auto finished = writer->finish(counts_, [&] { return session.is_interrupted(); });
  if (const auto status = stopped(session)) {
    return *status;
  }
  const bool is_right = tell_problem(finished) && verify(session, *writer, folder.temporary_path());
  if (const auto status = stopped(session)) {
    return *status;
  }
  if (!is_right || !write_rejects(rejects)) {
    return kFailed;
  }
  if (const auto published = folder.publish(); !published) {
    tell_problem(Unexpected(published.error().path + ": " + published.error().reason));
    return kFailed;
  }
  tell_summary(session.finish());
  return counts_.rejected == 0 ? static_cast<int>(ExitStatus::Done) : kFailed;
}

// Nobody learns from an empty data set, but what became of the photos is told as ever.
int DatasetRun::end_without_samples(JobSession& session, RejectsFile& rejects) {
  tell_problem(Unexpected(std::string("no photo is left, nothing is written")));
  if (!options_.rejects.empty()) {
    write_rejects(rejects);
  }
  tell_summary(session.finish());
  return static_cast<int>(ExitStatus::SomeFailed);
}

void DatasetRun::inspect_all(JobSession& session) {
  std::vector<std::size_t> readable;
  for (std::size_t i = 0; i < inputs_.pictures.size(); ++i) {
    if (inputs_.pictures[i].problem.empty()) {
      readable.push_back(i);
    } else {
      drop(i, Fate::Rejected, inputs_.pictures[i].problem);
    }
  }
  if (readable.empty()) {
    return;  // Not a process for nothing.
  }
  auto paths =
      readable | std::views::transform([this](std::size_t i) { return inputs_.pictures[i].path; });
  auto next = readable.begin();
  session.run(dataset::inspect, paths, [&](Outcome<Inspection>& outcome) {
    const std::size_t i = *next++;
    tell_progress(static_cast<std::size_t>(next - readable.begin()), readable.size(),
                  "pictures looked at");
    if (!outcome) {
      return drop_failed(i, outcome.error());
    }
    if (!outcome->error.empty()) {
      drop(i, Fate::Rejected, outcome->error);
    } else {
      const files::Input& input = inputs_.pictures[i];
      candidates_.push_back(
          {input.path, input.reldir, outcome->sha256, outcome->size, outcome->format});
      input_of_.push_back(i);
    }
    return AfterOutcome::GoOn;
  });
}

bool DatasetRun::make_plan(JobSession& session, files::PendingFolder& folder) {
  std::optional<Expected<dataset::Plan, std::string>> plan;
  // A regular expression may take for ever, and cannot be stopped.
  session.run_here(
      [&] {
        plan = dataset::make_plan({candidates_, inputs_.folders, table_}, options_.plan);
      },
      [&] {
        folder.discard();
        tell_interruption();
      });
  if (!*plan) {
    tell_problem(Unexpected(std::move(plan->error())));
    return false;
  }
  plan_ = **std::move(plan);
  for (const dataset::LeftOut& left_out : plan_.left_out) {
    drop(input_of_[left_out.candidate], left_out.fate, left_out.reason);
  }
  for (const std::string& warning : plan_.warnings) {
    console_.error("bulkhead dataset: warning: " + printable(warning));
  }
  return true;
}

// False: nothing can be written.
bool DatasetRun::make_all(JobSession& session, DatasetWriter& writer) {
  auto paths = plan_.samples | std::views::transform([this](const dataset::PlannedSample& planned) {
                 return candidates_[planned.candidate].path;
               });
  bool is_written = true;
  std::size_t next = 0;
  session.run(partial(dataset::make_sample, options_.samples), paths,
              [&](Outcome<Sample>& outcome) {
                const dataset::PlannedSample& planned = plan_.samples[next++];
                const std::size_t input = input_of_[planned.candidate];
                if (!is_written) {
                  return AfterOutcome::Stop;
                }
                if (!outcome) {
                  return drop_failed(input, outcome.error());
                }
                if (!outcome->error.empty()) {
                  drop(input, Fate::Rejected, outcome->error);
                } else if (!is_sample_of(options_.samples, *outcome)) {
                  drop(input, Fate::Rejected, "its worker replied what is no sample");
                } else {
                  is_written = tell_problem(writer.add(planned, *outcome));
                  counts_.out += is_written ? 1 : 0;
                }
                tell_progress(next, plan_.samples.size(), "pictures");
                return is_written ? AfterOutcome::GoOn : AfterOutcome::Stop;
              });
  return is_written;
}

// False: something is not what was written.
bool DatasetRun::verify(JobSession& session, const DatasetWriter& writer,
                        const std::string& folder) {
  if (writer.written().empty()) {
    return true;
  }
  auto tasks = writer.written() | std::views::transform([&](const dataset::WrittenFile& file) {
                 return dataset::ReadBackTask{folder + "/" + file.name, file.kind};
               });
  // That of the options is for one photo, and an archive may hold any number.
  constexpr std::chrono::nanoseconds kNoTimeLimit{0};
  bool is_right = true;
  auto next = writer.written().begin();
  session.run(
      partial(dataset::read_back, options_.samples.broken), tasks,
      [&](Outcome<dataset::ReadBack>& outcome) {
        const dataset::WrittenFile& file = *next++;
        tell_progress(static_cast<std::size_t>(next - writer.written().begin()),
                      writer.written().size(), "files read back");
        const std::string problem = !outcome ? outcome.error().message() : outcome->error;
        if (!problem.empty()) {
          is_right = tell_problem(Unexpected(file.name + ": " + problem));
        } else if (outcome->pieces != file.pieces) {
          is_right = tell_problem(Unexpected(file.name + ": is not what was written"));
        }
        return AfterOutcome::GoOn;
      },
      kNoTimeLimit);
  return is_right;
}

void DatasetRun::drop(std::size_t input, Fate fate, const std::string& reason) {
  switch (fate) {
    case Fate::Rejected:
      ++counts_.rejected;
      console_.error(printable(inputs_.pictures[input].path) + ": error: " + printable(reason));
      break;
    case Fate::Filtered:
      ++counts_.filtered;
      break;
    case Fate::Duplicate:
      ++counts_.duplicate;
      break;
  }
  dropped_.push_back({input, fate, reason});
}

AfterOutcome DatasetRun::drop_failed(std::size_t input, const Failure& failure) {
  if (failure.kind == FailureKind::Broken) {
    broken_ = failure.message();
    return AfterOutcome::Stop;
  }
  // What an interruption has left is not the photo's fault, and nothing is written then.
  if (failure.kind != FailureKind::Cancelled) {
    drop(input, Fate::Rejected, failure.message());
  }
  return AfterOutcome::GoOn;
}

bool DatasetRun::write_rejects(RejectsFile& rejects) {
  std::ranges::stable_sort(dropped_, {}, &Dropped::input);
  for (const Dropped& dropped : dropped_) {
    rejects.add({.file = inputs_.pictures[dropped.input].path,
                 .status = name_of(dropped.fate),
                 .reason = dropped.reason});
  }
  return tell_problem(rejects.publish());
}

bool DatasetRun::tell_problem(const Expected<void, std::string>& done) {
  if (!done) {
    console_.error("bulkhead dataset: " + printable(done.error()));
  }
  return done.has_value();
}

void DatasetRun::tell_interruption() {
  console_.error("bulkhead dataset: interrupted, nothing is written");
}

std::optional<int> DatasetRun::stopped(JobSession& session) {
  if (session.is_interrupted()) {
    tell_interruption();
    return status_of_signal(session.finish().interrupted_by);
  }
  if (!broken_.empty()) {
    tell_problem(Unexpected(broken_ + ", nothing is written"));
    return static_cast<int>(ExitStatus::SomeFailed);
  }
  return std::nullopt;
}

void DatasetRun::tell_progress(std::size_t done, std::size_t total, std::string_view things) {
  console_.progress({.done = done,
                     .total = total,
                     .failed = counts_.rejected,
                     .elapsed = std::chrono::steady_clock::now() - start_,
                     .things = things});
}

void DatasetRun::tell_summary(const RunReport& cost) {
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  console_.closing(
      std::to_string(counts_.in) + (counts_.in == 1 ? " picture" : " pictures") + " in: " +
      std::to_string(counts_.out) + " out, " + std::to_string(counts_.filtered) + " filtered, " +
      std::to_string(counts_.duplicate) + " duplicate, " + std::to_string(counts_.rejected) +
      " rejected in " + display::format_fixed(display::seconds(elapsed), 2) +
      " s: " + display::format_rate(counts_.in, elapsed) + " pictures/s\n" +
      display::format_cost(
          {.elapsed = elapsed, .cpu = cost.cpu, .cores = usable_cpus(), .busy = cost.busy}));
}

}  // namespace bulkhead::jobs
