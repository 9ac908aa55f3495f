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

// Hands on what becomes of each batch.
template <class OnReply, class OnLost>
class Pass {
 public:
  Pass(OnReply on_reply, OnLost on_lost) : on_reply_(on_reply), on_lost_(on_lost) {}

  template <class Reply>
  void on_reply(const Batch& batch, Reply& reply) {
    on_reply_(batch, reply);
  }
  void on_lost(const Batch& batch, const Failure& failure) {
    for (const Portion& portion : batch) {
      on_lost_(portion, failure.message());
    }
  }
  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

 private:
  OnReply on_reply_;
  OnLost on_lost_;
};

}  // namespace

ExtractPlan::ExtractPlan(const RunOptions& options, const RecordInputs& inputs,
                         RecordReport& report)
    : options_(options), inputs_(inputs), report_(report), detected_(inputs.files.size()) {}

RunReport ExtractPlan::make(extract::ExtractQuery& query) {
  std::vector<std::string> names;
  RunReport done = survey(query, names);
  std::ranges::transform(names, std::back_inserter(query.columns), extract::column_of);
  if (done.interrupted_by == 0) {
    cut();
    const RunReport scanned = scan();
    done.interrupted_by = scanned.interrupted_by;
  }
  return done;
}

RunReport ExtractPlan::survey(const extract::ExtractQuery& query, std::vector<std::string>& names) {
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
  const auto lose = [this](const Portion& portion, const std::string& reason) {
    report_.fail_file(portion.file, reason);
  };
  Pass pass(take, lose);
  const auto make_task = [&query](const Batch& batch) {
    return extract::SurveyTask{.batch = batch,
                               .rows = query.rows,
                               .given = query.given,
                               .needs_columns = query.columns.empty(),
                               .needs_utf8 = needs_utf8(query.form)};
  };
  return BatchRun(options_, make_task, extract::survey, pass).run(records::plan_batches(files, {}));
}

// Only CSV and JSON lines can be cut.
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
      lose_rest(portion.file, portion.end, reply.problem);
    }
  };
  const auto lose = [this](const Portion& portion, const std::string& reason) {
    lose_rest(portion.file, portion.begin, reason);
  };
  Pass pass(take, lose);
  const auto make_task = [this](const Batch& batch) {
    return extract::ScanTask{batch.front(), detected_[batch.front().file]->separator};
  };
  const RunReport done = BatchRun(options_, make_task, extract::scan, pass).run(cut_ones);
  std::erase_if(batches_, [this](const Batch& batch) { return is_lost(batch.front()); });
  return done;
}

void ExtractPlan::lose_rest(std::uint32_t file, std::uint64_t begin, const std::string& reason) {
  if (lost_from_.try_emplace(file, begin).second) {
    report_.fail_file(file, "not read from byte " + std::to_string(begin) + " on: " + reason);
  }
}

bool ExtractPlan::is_lost(const Portion& portion) const {
  const auto lost = lost_from_.find(portion.file);
  return lost != lost_from_.end() && portion.begin >= lost->second;
}

extract::ExtractTask ExtractPlan::task_of(const Batch& batch,
                                          const extract::ExtractQuery& query) const {
  extract::ExtractTask task{.query = query};
  for (const Portion& portion : batch) {
    extract::ExtractPortion& part =
        task.portions.emplace_back(extract::ExtractPortion{portion, detected_[portion.file]});
    // The nearest one before: what a crash left of a portion begins somewhere in it.
    const auto behind = states_.upper_bound({portion.file, portion.begin});
    if (behind != states_.begin() && std::prev(behind)->first.first == portion.file) {
      part.state = std::prev(behind)->second;
      part.state_at = std::prev(behind)->first.second;
    }
  }
  return task;
}

}  // namespace bulkhead::jobs
