#include "jobs/extract.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <memory>

#include "display/console.h"
#include "display/escape.h"
#include "jobs/batch_run.h"
#include "jobs/extract_plan.h"
#include "jobs/record_inputs.h"
#include "jobs/record_report.h"
#include "jobs/rejects_file.h"
#include "jobs/row_output.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using display::printable;
using extract::ExtractReply;
using records::Batch;
using records::Portion;

// One run: the plan, then the rows in the order of the input.
class ExtractRun {
 public:
  ExtractRun(const ExtractOptions& options, Console& console, const RecordInputs& inputs,
             RejectsFile& rejects)
      : options_(options),
        query_(options.query),
        console_(console),
        rejects_(rejects),
        report_(console, rejects, inputs, "record"),
        plan_(options.run, inputs, report_) {}

  int run() {
    RunReport cost = plan_.make(query_);
    if (cost.interrupted_by == 0 && !open()) {
      return static_cast<int>(ExitStatus::CannotStart);
    }
    if (cost.interrupted_by == 0 && !plan_.batches().empty()) {
      cost = read_all();
    }
    if (cost.interrupted_by != 0) {
      constexpr int kSignalBase = 128;
      console_.error("bulkhead extract: interrupted");
      return kSignalBase + cost.interrupted_by;
    }
    assert(report_.counts().is_balanced());
    const bool is_written = tell_problem(output_->finish()) && tell_problem(rejects_.publish());
    report_.tell_summary(cost, repairs());
    return static_cast<int>(is_written && report_.is_clean() ? ExitStatus::Done
                                                             : ExitStatus::SomeFailed);
  }

  // As BatchRun calls them.
  void on_reply(const Batch& batch, ExtractReply& reply) {
    for (std::size_t i = 0; i < std::min(batch.size(), reply.portions.size()); ++i) {
      take(batch[i], reply.portions[i]);
    }
    output_->add(reply);
    report_.tell_progress(plan_.batches().size());
  }

  void on_lost(const Batch& batch, const Failure& failure) {
    for (const Portion& portion : batch) {
      report_.lose(portion, failure.message());
    }
    report_.tell_progress(plan_.batches().size());
  }

  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  bool open() {
    auto output = open_output(query_.form, options_.output, options_.table, query_.columns);
    if (!output) {
      console_.error("bulkhead extract: " + printable(output.error()));
      return false;
    }
    output_ = *std::move(output);
    return true;
  }

  RunReport read_all() {
    const auto make_task = [this](const Batch& batch) { return plan_.task_of(batch, query_); };
    return BatchRun(options_.run, make_task, extract::extract, *this).run(plan_.batches());
  }

  void take(const Portion& portion, const extract::PortionRows& rows) {
    report_.add(portion, rows.rows, rows.rejections);
    padded_ += rows.padded;
    trimmed_ += rows.trimmed;
    if (!rows.problem.empty()) {
      report_.fail_file(portion.file, rows.problem);
    }
  }

  bool tell_problem(const Expected<void, std::string>& done) {
    if (!done) {
      console_.error("bulkhead extract: " + printable(done.error()));
    }
    return done.has_value();
  }

  std::string repairs() const {
    std::string text;
    if (padded_ != 0) {
      text += ", " + std::to_string(padded_) + " padded";
    }
    if (trimmed_ != 0) {
      text += ", " + std::to_string(trimmed_) + " trimmed";
    }
    return text;
  }

  const ExtractOptions& options_;
  extract::ExtractQuery query_;
  Console& console_;
  RejectsFile& rejects_;
  RecordReport report_;
  ExtractPlan plan_;
  std::unique_ptr<RowOutput> output_;
  std::uint64_t padded_ = 0;
  std::uint64_t trimmed_ = 0;
};

int refuse(Console& console, const std::string& problem) {
  console.error("bulkhead extract: " + printable(problem));
  return static_cast<int>(ExitStatus::CannotStart);
}

}  // namespace

int run_extract(const ExtractOptions& options) {
  Console console(stdout, stderr,
                  options.quiet ? Console::Verbosity::Quiet : Console::Verbosity::Normal);
  if (options.query.form == extract::RowForm::Packed && options.output.empty()) {
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
  return ExtractRun(options, console, *inputs, *rejects).run();
}

}  // namespace bulkhead::jobs
