#include "jobs/extract.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "display/escape.h"
#include "jobs/batch_run.h"
#include "jobs/extract_plan.h"
#include "jobs/part_files.h"
#include "jobs/record_job.h"
#include "jobs/row_output.h"

namespace bulkhead::jobs {
namespace {

using extract::ExtractReply;
using records::Batch;
using records::Portion;

// One run: the plan, then the rows in the order of the input.
class ExtractRun {
 public:
  ExtractRun(const ExtractOptions& options, RecordJob& job, const RecordInputs& inputs,
             RejectsFile& rejects)
      : options_(options),
        query_(options.query),
        job_(job),
        rejects_(rejects),
        report_(job.console(), rejects, inputs, "record"),
        plan_(options.run, inputs, report_),
        part_files_(inputs) {}

  int run() {
    RunReport cost = plan_.make(query_);
    is_present_.resize(query_.columns.size());
    if (cost.interrupted_by == 0) {
      auto output = open_output(query_.form, options_.output, options_.table, query_.columns);
      if (!output) {
        return job_.refuse(output.error());
      }
      output_ = *std::move(output);
    }
    if (cost.interrupted_by == 0 && !plan_.batches().empty()) {
      cost = read_all();
      tell_absent_columns();
    }
    return job_.end(
        cost, report_, rejects_, [this] { return output_->finish(); }, repairs());
  }

  // As BatchRun calls them.
  void on_reply(const Batch& batch, ExtractReply& reply) {
    const std::string problem = part_files_.take_all<ExtractReply>(
        batch, [&](const ExtractReply& part) { take(batch, part); });
    take(batch, reply);
    if (!problem.empty()) {
      report_.fail_file(batch.front().file, problem);
    }
    report_.tell_progress(plan_.batches().size());
  }

  void on_lost(const Batch& batch, const Failure& failure) {
    part_files_.drop(batch);
    for (const Portion& portion : batch) {
      report_.lose(portion, failure.message());
    }
    report_.tell_progress(plan_.batches().size());
  }

  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  RunReport read_all() {
    const auto make_task = [this](const Batch& batch) {
      extract::ExtractTask task = plan_.task_of(batch, query_);
      task.parts_path = part_files_.path_for(batch);
      return task;
    };
    return BatchRun(options_.run, make_task, extract::extract, *this).run(plan_.batches());
  }

  // A reply, or a part of one.
  void take(const Batch& batch, const ExtractReply& part) {
    for (std::size_t i = 0; i < std::min(batch.size(), part.portions.size()); ++i) {
      take(batch[i], part.portions[i]);
    }
    output_->add(part);
    note_columns(part);
  }

  void take(const Portion& portion, const extract::PortionRows& rows) {
    for (const records::Rejection& rejection : rows.rejections) {
      report_.reject(portion, rejection);
    }
    report_.add(portion, rows.rows);
    padded_ += rows.padded;
    trimmed_ += rows.trimmed;
    if (!rows.problem.empty()) {
      report_.fail_file(portion.file, rows.problem);
    }
  }

  void note_columns(const ExtractReply& reply) {
    auto absent = reply.absent.begin();
    for (std::uint32_t i = 0; i < is_present_.size(); ++i) {
      const bool is_absent = absent != reply.absent.end() && *absent == i;
      absent += is_absent ? 1 : 0;
      is_present_[i] = is_present_[i] || !is_absent;
    }
  }

  // Of those that were asked for: a name may be misspelt.
  void tell_absent_columns() {
    if (report_.counts().out == 0 || options_.query.columns.empty()) {
      return;
    }
    for (std::size_t i = 0; i < is_present_.size(); ++i) {
      if (!is_present_[i]) {
        job_.console().error("bulkhead extract: warning: no row has --col " +
                             display::shell_word(query_.columns[i].argument()));
      }
    }
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
  RecordJob& job_;
  RejectsFile& rejects_;
  RecordReport report_;
  ExtractPlan plan_;
  PartFiles part_files_;
  std::unique_ptr<RowOutput> output_;
  std::vector<bool> is_present_;  // each column, in any row
  std::uint64_t padded_ = 0;
  std::uint64_t trimmed_ = 0;
};

}  // namespace

int run_extract(const ExtractOptions& options) {
  return run_record_job<ExtractRun>("extract", options);
}

}  // namespace bulkhead::jobs
