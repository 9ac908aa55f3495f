#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "interrupts.h"

namespace bulkhead {

/// Where the tasks of a job run.
enum class ExecutorKind : std::uint8_t {
  Processes,  ///< in worker processes
  Inline,     ///< in the program itself: nothing is isolated, and nothing has a time limit
};

/// What every job may be told about its run.
struct RunOptions {
  ExecutorKind executor = ExecutorKind::Processes;
  unsigned jobs = 0;                    ///< workers at most; 0: one per usable CPU
  std::chrono::nanoseconds timeout{0};  ///< for one task; 0: none
  unsigned retries = 1;                 ///< of a task whose worker died
  std::uint64_t memory = 0;             ///< bytes that a worker may allocate; 0: no limit
  /// How far workers are locked in. Nothing: by default, where there are workers.
  std::optional<Sandbox> sandbox = {};
};

/// What a run has cost, and whether it was cut short.
struct RunReport {
  std::chrono::nanoseconds cpu{0};                  ///< of the program and its workers
  std::vector<std::chrono::nanoseconds> busy = {};  ///< of each worker
  int interrupted_by = 0;                           ///< signal; 0: it was not

  /// Of the same workers, as it were, in an earlier part of the run.
  void add_busy(const std::vector<std::chrono::nanoseconds>& earlier) {
    busy.resize(std::max(busy.size(), earlier.size()));
    for (std::size_t i = 0; i < earlier.size(); ++i) {
      busy[i] += earlier[i];
    }
  }
};

/// The executor that the options ask for. A task whose worker dies is tried again by itself, as
/// nothing that workers do here has an effect on the world.
class JobExecutor {
 public:
  /// Throws what ProcessPoolExecutor throws when it cannot start. Says on the standard error which
  /// layers of the sandbox this system does not have.
  explicit JobExecutor(const RunOptions& options);

  /// `timeout` is for one task in place of that of the options; 0: none.
  template <class F, class Tasks>
  auto map(F function, Tasks&& tasks, std::optional<std::chrono::nanoseconds> timeout = {}) {
    MapOptions options{.each = each_};
    options.each.timeout = timeout.value_or(each_.timeout);
    return pool_ ? pool_->map(options, function, std::forward<Tasks>(tasks))
                 : inline_->map(options, function, std::forward<Tasks>(tasks));
  }

  template <class F, class... A>
  auto submit(F function, A&&... arguments) {
    return pool_ ? pool_->submit(each_, function, std::forward<A>(arguments)...)
                 : inline_->submit(each_, function, std::forward<A>(arguments)...);
  }

  /// What is running fails at once, as `signal` asks. Where it runs in the program itself, that
  /// ends with it. Any thread.
  void kill(int signal);

  /// Waits until all workers are gone; what they cost. Once, as the last call.
  RunReport finish();

 private:
  TaskOptions each_;
  std::optional<ProcessPoolExecutor> pool_;
  std::optional<InlineExecutor> inline_;
};

/// Whether a job goes on after an outcome.
enum class AfterOutcome : std::uint8_t { GoOn, Stop };

/// What a second interruption has killed is Cancelled.
template <class R>
void name_interruption(Outcome<R>& outcome, const Interrupts& interrupts) {
  if (!outcome && outcome.error().kind == FailureKind::Crashed && interrupts.count() > 1) {
    outcome.error().kind = FailureKind::Cancelled;
  }
}

/// Gives the outcomes to on_outcome one by one, until that stops the job: what has not begun then
/// is Cancelled. So is what a second interruption has killed.
template <class R, class OnOutcome>
void deliver(MapRange<R>& results, const Interrupts& interrupts, OnOutcome& on_outcome) {
  for (Outcome<R>& outcome : results.outcomes()) {
    name_interruption(outcome, interrupts);
    if (on_outcome(outcome) == AfterOutcome::Stop) {
      results.cancel();
    }
  }
}

/// Ends the program at once, with the status of this signal. Any thread.
[[noreturn]] void end_program(int signal);

/// An executor and the interruptions of a job, through all that the job runs. Signals have no
/// effect but theirs as long as it lives.
class JobSession {
 public:
  /// Throws what ProcessPoolExecutor throws when it cannot start.
  explicit JobSession(const RunOptions& options) : executor_(options) {}

  /// Runs function(task) for every task and gives each outcome to on_outcome, in the order of the
  /// tasks; that says whether to go on. An interruption stops the handing out: what runs is still
  /// finished, the outcomes of all others are Cancelled, or do not come at all. A second one kills
  /// what runs: Cancelled as well. `timeout` as for JobExecutor::map().
  template <class F, std::ranges::input_range Tasks, class OnOutcome>
  void run(F function, Tasks&& tasks, OnOutcome on_outcome,
           std::optional<std::chrono::nanoseconds> timeout = {}) {
    auto results = executor_.map(function, std::forward<Tasks>(tasks), timeout);
    const auto watching = interrupts_.watch([&results] { results.cancel(); },
                                            [this] { executor_.kill(interrupts_.first_signal()); });
    deliver(results, interrupts_, on_outcome);
  }

  /// Calls work() in this thread, where nothing can stop it halfway: an interruption calls
  /// clean_up() in another thread meanwhile, and ends the program with the status of its signal.
  void run_here(const std::function<void()>& work, const std::function<void()>& clean_up) {
    const auto watching = interrupts_.watch(
        [&] {
          clean_up();
          end_program(interrupts_.first_signal());
        },
        [] {});
    work();
  }

  /// Whether a signal came, while nothing was run too. Not for on_outcome.
  bool is_interrupted() { return interrupts_.take_pending() != 0; }

  /// Runs one more task, and waits for it: for an on_outcome that cannot do without.
  template <class F, class... A>
  auto call(F function, A&&... arguments) {
    auto outcome = executor_.submit(function, std::forward<A>(arguments)...).outcome();
    name_interruption(outcome, interrupts_);
    return outcome;
  }

  /// Waits until all workers are gone; what all has cost. Once, as the last call.
  RunReport finish() {
    RunReport report = executor_.finish();
    report.interrupted_by = interrupts_.take_pending();
    return report;
  }

 private:
  Interrupts interrupts_;
  JobExecutor executor_;
};

/// One JobSession::run(), and its cost.
template <class F, std::ranges::input_range Tasks, class OnOutcome>
RunReport run_job(const RunOptions& options, F function, Tasks&& tasks, OnOutcome on_outcome) {
  JobSession session(options);
  session.run(function, std::forward<Tasks>(tasks), on_outcome);
  return session.finish();
}

}  // namespace bulkhead
