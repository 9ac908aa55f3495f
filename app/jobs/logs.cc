#include "jobs/logs.h"

#include <cassert>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "display/console.h"
#include "display/escape.h"
#include "display/numbers.h"
#include "display/summary.h"
#include "jobs/batch_run.h"
#include "jobs/record_inputs.h"
#include "jobs/record_outputs.h"
#include "jobs/rejects_file.h"
#include "logs/report.h"
#include "logs/statistics.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using display::printable;
using logs::LogReply;
using logs::LogTask;
using records::Batch;
using records::Portion;

// One run: the statistics so far, and what was not counted.
class LogsRun {
 public:
  LogsRun(const LogsOptions& options, Console& console, const RecordInputs& inputs,
          RejectsFile& rejects)
      : options_(options), console_(console), inputs_(inputs), rejects_(rejects) {
    states_.resize(inputs.files.size());
  }

  int run() {
    const auto start = std::chrono::steady_clock::now();
    for (const files::Input& input : inputs_.problems) {
      fail(input.path, input.problem);
    }
    const RunReport cost = read_all();
    if (cost.interrupted_by != 0) {
      constexpr int kSignalBase = 128;
      console_.error("bulkhead logs: interrupted, no report");
      return kSignalBase + cost.interrupted_by;
    }
    assert(lines_.is_balanced());
    const bool is_written = write_report() && publish_rejects();
    tell_summary(cost, std::chrono::steady_clock::now() - start);
    const bool is_clean = is_written && failed_files_ == 0 && lines_.rejected == 0;
    return static_cast<int>(is_clean ? ExitStatus::Done : ExitStatus::SomeFailed);
  }

  // As BatchRun calls them.
  void on_reply(const Batch& batch, LogReply& reply) {
    for (std::size_t i = 0; i < std::min(batch.size(), reply.portions.size()); ++i) {
      take(batch[i], reply.portions[i]);
    }
    statistics_.add(reply.statistics);
    tell_progress();
  }

  void on_lost(const Batch& batch, const Failure& failure) {
    for (const Portion& portion : batch) {
      lose(portion, failure.message());
    }
    tell_progress();
  }

  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  struct FileState {
    std::uint64_t lines = 0;  // before the portion that comes next
    bool has_failed = false;
  };

  RunReport read_all() {
    if (inputs_.files.empty()) {
      return {};
    }
    const unsigned workers = options_.run.jobs == 0 ? usable_cpus() : options_.run.jobs;
    // A portion's tables are no larger than the portion; one is read and one is merged.
    constexpr std::uint64_t kShares = 4;
    const std::uint64_t most =
        std::min<std::uint64_t>(std::uint64_t{64} << 20U, options_.memory / (workers * kShares));
    batches_ = records::plan_batches(
        inputs_.files, {.portion_bytes = records::portion_bytes_for(inputs_.bytes, workers, most)});
    const auto make_task = [this](const Batch& batch) { return LogTask{batch, options_.query}; };
    return BatchRun(options_.run, make_task, logs::read_logs, *this).run(batches_);
  }

  void take(const Portion& portion, const logs::PortionReply& reply) {
    FileState& state = states_[portion.file];
    for (const records::Rejection& rejection : reply.rejections) {
      rejects_.add({.file = portion.path,
                    .number = state.lines + rejection.number + 1,
                    .offset = rejection.offset,
                    .reason = rejection.reason,
                    .raw = rejection.raw});
    }
    lines_ += reply.lines;
    state.lines += reply.lines.in;
    if (!reply.problem.empty()) {
      fail_file(portion, reply.problem);
    } else if (reply.format.empty() && reply.lines.in != 0) {
      fail_file(portion, "is no access log of a known format");
    }
  }

  // One record makes its worker crash, or a file that cannot be divided.
  void lose(const Portion& portion, const std::string& reason) {
    if (portion.end - portion.begin != 1) {
      fail_file(portion, reason);
      return;
    }
    FileState& state = states_[portion.file];
    ++lines_.in;
    ++lines_.rejected;
    ++state.lines;
    console_.error(printable(portion.path) + ": error: line " + std::to_string(state.lines) + ": " +
                   printable(reason));
    rejects_.add(
        {.file = portion.path, .number = state.lines, .offset = portion.begin, .reason = reason});
  }

  void fail_file(const Portion& portion, const std::string& reason) {
    // All its portions say the same.
    if (!std::exchange(states_[portion.file].has_failed, true)) {
      fail(portion.path, reason);
    }
  }

  void fail(const std::string& path, const std::string& reason) {
    ++failed_files_;
    console_.error(printable(path) + ": error: " + printable(reason));
    rejects_.add({.file = path, .reason = reason});
  }

  bool write_report() {
    const logs::Report report =
        logs::make_report(statistics_, lines_, options_.top, options_.query.by);
    const auto written = write(report);
    if (!written) {
      console_.error("bulkhead logs: " + printable(written.error()));
    }
    return written.has_value();
  }

  Expected<void, std::string> write(const logs::Report& report) const {
    switch (options_.form) {
      case LogsForm::Text:
        return write_text(options_.output, logs::as_text(report));
      case LogsForm::Json:
        return write_text(options_.output, logs::as_json(report));
      case LogsForm::Csv:
        return write_text(options_.output, logs::as_csv(report));
      case LogsForm::Sqlite:
        break;
    }
    return write_database(options_.output, [&report](records::SqliteFile& database) {
      logs::write_sqlite(report, database);
    });
  }

  bool publish_rejects() {
    const auto published = rejects_.publish();
    if (!published) {
      console_.error("bulkhead logs: " + printable(published.error()));
    }
    return published.has_value();
  }

  void tell_progress() {
    console_.progress({.done = ++batches_done_,
                       .total = std::max(batches_done_, batches_.size()),
                       .failed = failed_files_,
                       .elapsed = std::chrono::steady_clock::now() - start_,
                       .things = "parts"});
  }

  void tell_summary(const RunReport& cost, std::chrono::nanoseconds elapsed) {
    const double megabytes = static_cast<double>(inputs_.bytes) / 1e6;
    std::string line = std::to_string(inputs_.files.size()) + " files, " +
                       std::to_string(lines_.in) + " lines: " + std::to_string(lines_.out) +
                       " counted, " + std::to_string(lines_.filtered) + " filtered, " +
                       std::to_string(lines_.rejected) + " rejected";
    if (failed_files_ != 0) {
      line += ", " + std::to_string(failed_files_) + " files failed";
    }
    line += " in " + display::format_fixed(display::seconds(elapsed), 2) +
            " s: " + display::format_rate(static_cast<std::size_t>(megabytes), elapsed) + " MB/s\n";
    console_.closing(
        line +
        display::format_cost(
            {.elapsed = elapsed, .cpu = cost.cpu, .cores = usable_cpus(), .busy = cost.busy}));
  }

  const LogsOptions& options_;
  Console& console_;
  const RecordInputs& inputs_;
  RejectsFile& rejects_;
  std::vector<Batch> batches_;
  std::vector<FileState> states_;  // of each file
  logs::Statistics statistics_;
  records::RecordCounts lines_;
  std::size_t failed_files_ = 0;
  std::size_t batches_done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

int refuse(Console& console, const std::string& problem) {
  console.error("bulkhead logs: " + printable(problem));
  return static_cast<int>(ExitStatus::CannotStart);
}

}  // namespace

int run_logs(const LogsOptions& options) {
  Console console(stdout, stderr,
                  options.quiet ? Console::Verbosity::Quiet : Console::Verbosity::Normal);
  if (options.form == LogsForm::Sqlite && options.output.empty()) {
    return refuse(console, "--to sqlite needs -o FILE");
  }
  const auto inputs = find_records(options.inputs);
  if (!inputs) {
    return refuse(console, inputs.error());
  }
  auto rejects = RejectsFile::create(options.rejects);
  if (!rejects) {
    return refuse(console, rejects.error());
  }
  return LogsRun(options, console, *inputs, *rejects).run();
}

}  // namespace bulkhead::jobs
