#include "jobs/extract_plan.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "jobs/batch_run.h"

namespace bulkhead::jobs {
namespace {

using extract::FileFormat;
using extract::QuoteState;
using extract::Survey;
using records::Batch;
using records::Portion;

// Keeps the replies of a pass for each portion, in their order.
template <class OnReply>
class Pass {
 public:
  Pass(RecordReport& report, OnReply on_reply) : report_(report), on_reply_(on_reply) {}

  template <class Reply>
  void on_reply(const Batch& batch, Reply& reply) {
    on_reply_(batch, reply);
  }
  void on_lost(const Batch& batch, const Failure& failure) {
    for (const Portion& portion : batch) {
      report_.fail_file(portion.file, failure.message());
    }
  }
  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  RecordReport& report_;
  OnReply on_reply_;
};

}  // namespace

ExtractPlan::ExtractPlan(const RunOptions& options, const RecordInputs& inputs,
                         RecordReport& report)
    : options_(options), inputs_(inputs), report_(report), detected_(inputs.files.size()) {}

RunReport ExtractPlan::make(extract::ExtractQuery& query) {
  std::vector<std::string> names;
  RunReport done = survey(query.rows, names);
  if (query.columns.empty()) {
    for (const std::string& name : names) {
      const bool is_attribute = name.starts_with('@');
      query.columns.push_back({.name = name,
                               .text = name,
                               .path = {{.kind = is_attribute ? extract::Step::Kind::Attribute
                                                              : extract::Step::Kind::Name,
                                         .name = is_attribute ? name.substr(1) : name}}});
    }
  }
  if (done.interrupted_by == 0) {
    cut();
    const RunReport scanned = scan();
    done.interrupted_by = scanned.interrupted_by;
  }
  return done;
}

RunReport ExtractPlan::survey(const extract::Path& rows, std::vector<std::string>& names) {
  std::vector<records::FoundFile> files = inputs_.files;
  for (records::FoundFile& file : files) {
    file.can_be_cut = false;
  }
  std::set<std::string> seen;
  const auto take = [&](const Batch& batch, extract::SurveyReply& reply) {
    for (std::size_t i = 0; i < std::min(batch.size(), reply.files.size()); ++i) {
      const Survey& survey = reply.files[i];
      detected_[batch[i].file] = survey.problem.empty() ? survey.detected : std::nullopt;
      if (!survey.problem.empty()) {
        report_.fail_file(batch[i].file, survey.problem);
      }
      for (const std::string& name : survey.columns) {
        if (seen.insert(name).second) {
          names.push_back(name);
        }
      }
    }
  };
  Pass pass(report_, take);
  const auto make_task = [&rows](const Batch& batch) { return extract::SurveyTask{batch, rows}; };
  return BatchRun(options_, make_task, extract::survey, pass).run(records::plan_batches(files, {}));
}

// Only CSV and JSON lines can be cut, and a portion of CSV not again: its state would not be known.
void ExtractPlan::cut() {
  std::vector<records::FoundFile> files = inputs_.files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& detected = detected_[i];
    files[i].can_be_cut =
        files[i].can_be_cut && detected &&
        (detected->format == FileFormat::Csv || detected->format == FileFormat::JsonLines);
  }
  const unsigned workers = options_.jobs == 0 ? usable_cpus() : options_.jobs;
  constexpr std::uint64_t kMost = std::uint64_t{16} << 20U;
  batches_ = records::plan_batches(
      files, {.portion_bytes = records::portion_bytes_for(inputs_.bytes, workers, kMost)});
  for (Batch& batch : batches_) {
    for (Portion& portion : batch) {
      const auto& detected = detected_[portion.file];
      if (detected && detected->format == FileFormat::Csv) {
        portion.can_be_cut = false;
      }
    }
  }
}

RunReport ExtractPlan::scan() {
  std::vector<Batch> cut_ones;
  std::ranges::copy_if(batches_, std::back_inserter(cut_ones), [this](const Batch& batch) {
    const Portion& portion = batch.front();
    const auto& detected = detected_[portion.file];
    return detected && detected->format == FileFormat::Csv && batch.size() == 1 &&
           portion.end != Portion::kToTheEnd &&
           (portion.begin != 0 || portion.end < inputs_.files[portion.file].bytes);
  });
  if (cut_ones.empty()) {
    return {};
  }
  QuoteState state = QuoteState::RecordStart;
  const auto take = [&](const Batch& batch, const extract::ScanReply& reply) {
    const Portion& portion = batch.front();
    if (portion.begin == 0) {
      state = QuoteState::RecordStart;
    }
    states_[{portion.file, portion.begin}] = state;
    state = reply.map[static_cast<std::size_t>(state)];
    if (!reply.problem.empty()) {
      report_.fail_file(portion.file, reply.problem);
    }
  };
  Pass pass(report_, take);
  const auto make_task = [this](const Batch& batch) {
    return extract::ScanTask{batch.front(), detected_[batch.front().file]->separator};
  };
  return BatchRun(options_, make_task, extract::scan, pass).run(cut_ones);
}

extract::ExtractTask ExtractPlan::task_of(const Batch& batch,
                                          const extract::ExtractQuery& query) const {
  extract::ExtractTask task{.query = query};
  for (const Portion& portion : batch) {
    const auto state = states_.find({portion.file, portion.begin});
    task.portions.push_back(
        {.portion = portion,
         .detected = detected_[portion.file],
         .state = state == states_.end() ? QuoteState::RecordStart : state->second});
  }
  return task;
}

}  // namespace bulkhead::jobs
