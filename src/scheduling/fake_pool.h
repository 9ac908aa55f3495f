#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scheduling/scheduler.h"

namespace bulkhead::scheduling {

/// How badly the fake workers of one history behave, in percent.
struct Misbehaviour {
  unsigned crash = 0;         ///< a run ends with the death of its worker
  unsigned failure = 0;       ///< a run ends with an exception
  unsigned death = 0;         ///< a worker dies between two tasks
  unsigned failed_start = 0;  ///< a worker dies before it is ready
  unsigned freeze = 0;        ///< a worker stops for a while
  unsigned slowness = 0;      ///< a run does not end yet
  unsigned departure = 0;     ///< a worker leaves of its own accord between two tasks
};

/// An executor and its workers, played by chance: it feeds a scheduler with one random history and
/// checks after each command whether the promises hold. The same seed plays the same history.
///
/// The workers follow the protocol of the real ones: publish the claim, look at the ban, run. All
/// that can lie between two such steps does: revokes, kills, reports read late, commands carried
/// out late.
class FakePool {
 public:
  explicit FakePool(std::uint64_t seed);

  /// Plays to the end, or to the first broken promise, which it returns.
  std::optional<std::string> play();

  /// What happened last, for the reader of a failure.
  [[nodiscard]] const std::deque<std::string>& story() const { return story_; }

 private:
  enum class Phase : std::uint8_t { Resting, Claimed, Running };
  enum class Life : std::uint8_t { Starting, Alive, Dead };

  enum class Report : std::uint8_t { Result, Skip, Stopped, Exception };

  struct Place {
    TaskId task = 0;
    bool is_banned = false;
    bool is_revoked = false;  // the answer said: certainly
  };
  struct Worker {
    Life life = Life::Starting;
    Phase phase = Phase::Resting;
    std::vector<Place> stream;
    Sequence position = 0;  // the place it looks at
    std::optional<Sequence> claimed;
    Time claimed_since;
    std::deque<Report> reports;  // not read yet
    Sequence reported = 0;
    std::uint64_t runs = 0;
    bool is_leaving = false;  // of its own accord
    bool is_frozen = false;
    bool is_retiring = false;
    bool is_condemned = false;  // Kill or Retire was commanded
    bool was_killed = false;
    bool was_terminated = false;
    std::optional<Sequence> asked_to_stop;
  };
  struct Task {
    TaskTraits traits;
    unsigned starts = 0;
    bool is_over = false;
    bool was_unwanted = false;  // a cancel was requested
    bool was_doomed = false;    // a kill was requested
    Time not_before;            // its retry has to wait until then
    WorkerId worker = 0;        // where it is in flight
    WorkerId last_worker = 0;   // where it was started last
  };

  // What may happen next.
  void happen();
  void submit();
  void cancel();
  void kill();
  TaskRange random_tasks();
  [[nodiscard]] bool is_surely_not_claimed(TaskId id) const;
  [[nodiscard]] std::vector<TaskId> surely_not_claimed(const TaskRange& tasks) const;
  /// Once all commands are carried out, while the workers stand still.
  void expect_over(const std::vector<TaskId>& tasks, const char* promise);
  void pass_time(Duration duration);
  void shut_down(bool cancel_pending);
  void resize();
  void boot_up();
  void end_fairly();
  bool everything_moves();

  // The workers.
  bool step(WorkerId id);
  void end_start(WorkerId id, Worker& worker);
  void look_at_ban(WorkerId id, Worker& worker);
  void end_run(WorkerId id, Worker& worker);
  void die(WorkerId id, Worker& worker);
  void leave(WorkerId id, Worker& worker);
  bool read_reports(WorkerId id);
  bool read_results(WorkerId id, Worker& worker);
  bool read_report(WorkerId id, Worker& worker, Report report);
  bool read_exception(WorkerId id, Worker& worker);
  void end_task(WorkerId id, Worker& worker);
  void report_exit(WorkerId id);
  void leave_worker(TaskId id);
  void try_to_lie(WorkerId id);

  // The commands: noted when they are decided, carried out later.
  void note_commands();
  void note(const StartWorker& command);
  void note(const Assign& command);
  void note(const Revoke&) {}
  void note(const RequestStop& command);
  void note(const Terminate& command);
  void note(const Kill& command);
  void note(const Retire& command);
  void note(const RecordRetry& command);
  void note(const Finish& command);
  void carry_out_all();
  void carry_out(const StartWorker& command);
  void carry_out(const Assign& command);
  void carry_out(const Revoke& command);
  void carry_out(const RequestStop& command);
  void carry_out(const Terminate& command);
  void carry_out(const Kill& command);
  void carry_out(const Retire& command);
  void carry_out(const RecordRetry&) {}
  void carry_out(const Finish&) {}

  void check_is_meant(const Worker& worker, Sequence place);
  void check_rest();
  void check_counts();
  void check(bool is_kept, const char* promise);
  void tell(std::string line);

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool chance(unsigned percent) { return below(100) < percent; }
  static std::string name(WorkerId id);
  Worker* random_worker(WorkerId& id);

  std::mt19937_64 random_;
  SchedulerOptions options_;
  Misbehaviour misbehaviour_;
  Scheduler scheduler_;
  Time now_{std::chrono::hours(1)};
  std::map<WorkerId, Worker> workers_;
  std::set<WorkerId> announced_;  // started by a command that was not carried out yet
  std::map<TaskId, Task> tasks_;
  // Submitted, never started, not in flight, not over; in the order in which they are to go.
  std::set<std::pair<int, TaskId>> pending_;
  [[nodiscard]] std::pair<int, TaskId> rank(TaskId id) const {
    return {-tasks_.at(id).traits.priority, id};
  }
  std::set<std::pair<WorkerId, Sequence>> asked_;  // for which a RequestStop was decided
  std::deque<Command> commands_;
  TaskId next_task_ = 1;
  bool is_shut_down_ = false;
  bool is_cancelling_ = false;
  bool is_fair_ = false;
  bool is_quiet_ = false;  // workers stand still while commands are carried out
  std::optional<std::string> broken_promise_;
  std::deque<std::string> story_;
};

}  // namespace bulkhead::scheduling
