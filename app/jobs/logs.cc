#include "jobs/logs.h"

#include <algorithm>
#include <vector>

#include "jobs/batch_run.h"
#include "jobs/record_job.h"
#include "jobs/record_outputs.h"
#include "logs/report.h"
#include "logs/statistics.h"

namespace bulkhead::jobs {
namespace {

using logs::LogReply;
using logs::LogTask;
using records::Batch;
using records::Portion;

// One run: the statistics so far.
class LogsRun {
 public:
  LogsRun(const LogsOptions& options, RecordJob& job, const RecordInputs& inputs,
          RejectsFile& rejects)
      : options_(options),
        job_(job),
        inputs_(inputs),
        rejects_(rejects),
        report_(job.console(), rejects, inputs, "line") {}

  int run() {
    const RunReport cost = read_all();
    return job_.end(cost, report_, rejects_, [this] { return write_report(); });
  }

  // As BatchRun calls them.
  void on_reply(const Batch& batch, LogReply& reply) {
    for (std::size_t i = 0; i < std::min(batch.size(), reply.portions.size()); ++i) {
      take(batch[i], reply.portions[i]);
    }
    statistics_.add(reply.statistics);
    report_.tell_progress(batches_.size());
  }

  void on_lost(const Batch& batch, const Failure& failure) {
    for (const Portion& portion : batch) {
      report_.lose(portion, failure.message());
    }
    report_.tell_progress(batches_.size());
  }

  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  RunReport read_all() {
    if (inputs_.files.empty()) {
      return {};
    }
    const unsigned workers = options_.run.jobs == 0 ? usable_cpus() : options_.run.jobs;
    // A portion's tables are no larger than the portion; one is read and one is merged.
    constexpr std::uint64_t kShares = 4;
    constexpr std::uint64_t kMost = std::uint64_t{64} << 20U;
    const std::uint64_t most = std::min(kMost, options_.memory / (workers * kShares));
    batches_ = records::plan_batches(
        inputs_.files, {.portion_bytes = records::portion_bytes_for(inputs_.bytes, workers, most)});
    const auto make_task = [this](const Batch& batch) { return LogTask{batch, options_.query}; };
    return BatchRun(options_.run, make_task, logs::read_logs, *this).run(batches_);
  }

  void take(const Portion& portion, const logs::PortionReply& reply) {
    report_.add(portion, reply.lines, reply.rejections);
    if (!reply.problem.empty()) {
      report_.fail_file(portion.file, reply.problem);
    } else if (reply.format.empty() && reply.lines.in != 0) {
      report_.fail_file(portion.file, "is no access log of a known format");
    }
  }

  RecordJob::Written write_report() const {
    const logs::Report report =
        logs::make_report(statistics_, report_.counts(), options_.top, options_.query.by);
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

  const LogsOptions& options_;
  RecordJob& job_;
  const RecordInputs& inputs_;
  RejectsFile& rejects_;
  RecordReport report_;
  std::vector<Batch> batches_;
  logs::Statistics statistics_;
};

}  // namespace

int run_logs(const LogsOptions& options) {
  return run_record_job<LogsRun>("logs", options);
}

}  // namespace bulkhead::jobs
