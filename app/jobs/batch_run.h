#pragma once

#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "records/portions.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// Runs a function on batches, in worker processes, and narrows down what it does not survive: a
/// batch that fails is halved until the one file, or the one record, is found that makes it fail,
/// and all the rest is done.
///
/// Receiver is told, in the order of the batches, of
///   void on_reply(const Batch&, Reply&)          a batch that was done
///   void on_lost(const Batch&, const Failure&)   one that cannot be done, and not be halved
///   void on_not_tried(const Batch&)              one that an interruption left
///   bool wants_more()                            false: what has not begun is left, too
template <class MakeTask, class F, class Receiver>
class BatchRun {
 public:
  BatchRun(const RunOptions& options, MakeTask make_task, F function, Receiver& receiver)
      : options_(options), make_task_(make_task), function_(function), receiver_(receiver) {}

  RunReport run(const std::vector<records::Batch>& batches) {
    Interrupts interrupts;
    JobExecutor executor(options_);
    {
      auto results = executor.map(function_, tasks_of(batches));
      const auto watching = interrupts.watch([&results] { results.cancel(); },
                                             [&] { executor.kill(interrupts.first_signal()); });
      auto next = batches.begin();
      auto take_next = [&](auto& outcome) {
        int halvings = kMaxHalvings;
        take(executor, interrupts, *next++, outcome, halvings);
        return receiver_.wants_more() ? AfterOutcome::GoOn : AfterOutcome::Stop;
      };
      deliver(results, interrupts, take_next);
    }
    RunReport report = executor.finish();
    report.interrupted_by = interrupts.first_signal();
    return report;
  }

 private:
  // Where one record in 64 MiB crashes, 27 are enough; where every record does, no number is.
  static constexpr int kMaxHalvings = 128;

  auto tasks_of(std::span<const records::Batch> batches) const {
    return batches | std::views::transform(make_task_);
  }

  template <class Reply>
  void take(JobExecutor& executor, const Interrupts& interrupts, const records::Batch& batch,
            Outcome<Reply>& outcome, int& halvings) {
    if (outcome) {
      receiver_.on_reply(batch, *outcome);
      return;
    }
    if (outcome.error().kind == FailureKind::Cancelled || interrupts.count() > 0) {
      receiver_.on_not_tried(batch);
      return;
    }
    const auto halves = records::halves_of(batch);
    if (!halves || halvings == 0) {
      receiver_.on_lost(batch, outcome.error());
      return;
    }
    --halvings;
    for (const records::Batch& half : {halves->first, halves->second}) {
      auto results = executor.map(function_, tasks_of({&half, 1}));
      for (auto& outcome_of_half : results.outcomes()) {
        take(executor, interrupts, half, outcome_of_half, halvings);
      }
    }
  }

  const RunOptions& options_;
  MakeTask make_task_;
  F function_;
  Receiver& receiver_;
};

}  // namespace bulkhead::jobs
