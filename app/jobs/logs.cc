#include "jobs/logs.h"

#include <algorithm>
#include <vector>

#include "jobs/batch_run.h"
#include "jobs/part_files.h"
#include "jobs/record_job.h"
#include "jobs/record_outputs.h"
#include "logs/report.h"
#include "logs/statistics.h"
#include "records/random_seed.h"

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
        report_(job.console(), rejects, inputs, "line"),
        part_files_(inputs) {}

  int run() {
    const RunReport cost = read_all();
    return job_.end(cost, report_, rejects_, [this] { return write_report(); });
  }

  // As BatchRun calls them.
  void on_reply(const Batch& batch, LogReply& reply) {
    const std::string problem =
        part_files_.take_all<LogReply>(batch, [&](const LogReply& part) { take(batch, part); });
    take(batch, reply);
    if (!problem.empty()) {
      report_.fail_file(batch.front().file, problem);
    }
    report_.tell_progress(parts());
  }

  void on_lost(const Batch& batch, const Failure& failure) {
    part_files_.drop(batch);
    for (const Portion& portion : batch) {
      if (is_first_pass()) {
        report_.lose(portion, failure.message());
      } else {
        report_.fail_file(portion.file, "cannot be read again: " + failure.message());
      }
    }
    report_.tell_progress(parts());
  }

  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  RunReport read_all() {
    if (inputs_.files.empty()) {
      return {};
    }
    const unsigned workers = options_.run.jobs == 0 ? usable_cpus() : options_.run.jobs;
    // A portion's tables are no larger than the portion; one is read and one is merged. An empty
    // line that is kept as rejected takes four bytes.
    const std::uint64_t portion_part = options_.query.keeps_rejections ? 16 : 4;
    constexpr std::uint64_t kMost = std::uint64_t{64} << 20U;
    const std::uint64_t most = std::min(kMost, options_.memory / (workers * portion_part));
    portion_bytes_ = records::portion_bytes_for(inputs_.bytes, workers, most);
    batches_ = records::plan_batches(inputs_.files, {.portion_bytes = portion_bytes_});
    RunReport cost;
    while (!shares_.empty() && cost.interrupted_by == 0) {
      ++passes_;
      share_ = shares_.back();
      shares_.pop_back();
      cost = read_share(cost);
      statistics_.settle(options_.top);
    }
    return cost;
  }

  // Reads all logs for the texts of one share; `before`: the cost of the passes before.
  RunReport read_share(const RunReport& before) {
    logs::LogQuery query = options_.query;
    query.share = share_;
    query.keeps_rejections = query.keeps_rejections && is_first_pass();
    const auto make_task = [&](const Batch& batch) {
      return LogTask{batch, query, part_files_.path_for(batch), portion_bytes_};
    };
    RunReport cost = BatchRun(options_.run, make_task, logs::read_logs, *this).run(batches_);
    cost.add_busy(before.busy);
    return cost;
  }

  // A table that grows is there twice, and so are the texts that a worker gives back.
  std::uint64_t most_bytes_of_tables() const {
    constexpr std::uint64_t kPart = 4;
    constexpr std::uint64_t kLeast = std::uint64_t{16} << 20U;
    return std::max(options_.memory / kPart, kLeast);
  }

  // The tables have grown too large: the other half is for a pass of its own.
  void leave_half() {
    const auto [mine, other] = share_.halves();
    share_ = mine;
    shares_.push_back(other);
    statistics_.keep(mine);
  }

  // Only this one counts lines and tells what is wrong with them.
  bool is_first_pass() const { return passes_ == 1; }

  // Of all passes that are known of.
  std::size_t parts() const { return batches_.size() * (passes_ + shares_.size()); }

  // A reply, or a part of one.
  void take(const Batch& batch, const LogReply& part) {
    for (std::size_t i = 0; i < std::min(batch.size(), part.portions.size()); ++i) {
      take(batch[i], part.portions[i]);
    }
    if (is_first_pass()) {
      statistics_.add_sums(part.statistics);
    }
    statistics_.add_texts(part.statistics, share_);
    while (statistics_.bytes() > most_bytes_of_tables()) {
      leave_half();
    }
  }

  void take(const Portion& portion, const logs::PortionReply& reply) {
    if (!is_first_pass()) {
      return;
    }
    reply.rejections.for_each(
        [&](const records::Rejection& rejection) { report_.reject(portion, rejection); });
    report_.add(portion, reply.lines);
    if (!reply.problem.empty()) {
      report_.fail_file(portion.file, reply.problem);
    } else if (reply.format.empty() && reply.lines.in != 0) {
      report_.fail_file(portion.file, "is no access log of a known format");
    }
  }

  RecordJob::Written write_report() const {
    const logs::Report report = logs::make_report(statistics_, report_.counts(), options_.query.by);
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
  PartFiles part_files_;
  std::uint64_t portion_bytes_ = 0;
  std::vector<Batch> batches_;
  logs::Statistics statistics_;
  // The texts that do not fit into memory with the others are counted in later passes.
  logs::Share share_;
  std::vector<logs::Share> shares_ = {logs::Share{.seed = records::random_seed()}};
  std::size_t passes_ = 0;
};

}  // namespace

int run_logs(const LogsOptions& options) {
  return run_record_job<LogsRun>("logs", options);
}

}  // namespace bulkhead::jobs
