#pragma once

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scheduling/scheduler.h"

namespace bulkhead::scheduling {

using Lines = std::vector<std::string>;

inline std::string text(const StartWorker& c) {
  return "start w" + std::to_string(c.worker);
}
inline std::string text(const Kill& c) {
  return "kill w" + std::to_string(c.worker);
}
inline std::string text(const Retire& c) {
  constexpr const char* kReasons[] = {"", " idle", " surplus", " used up"};
  return "retire w" + std::to_string(c.worker) + kReasons[static_cast<int>(c.reason)];
}
inline std::string text(const Assign& c) {
  return "assign w" + std::to_string(c.worker) + " #" + std::to_string(c.first) + " tasks " +
         std::to_string(c.tasks.first) + "+" + std::to_string(c.tasks.count);
}
inline std::string text(const Revoke& c) {
  return "revoke w" + std::to_string(c.worker) + " #" + std::to_string(c.first) + "-" +
         std::to_string(c.end);
}
inline std::string text(const RequestStop& c) {
  return "ask w" + std::to_string(c.worker) + " to stop #" + std::to_string(c.place);
}
inline std::string text(const Terminate& c) {
  return "terminate w" + std::to_string(c.worker);
}
inline std::string text(Verdict verdict) {
  constexpr const char* kNames[] = {"cancelled", "timed out", "crashed", "not retried", "broken"};
  return kNames[static_cast<int>(verdict)];
}
inline std::string text(const RecordRetry& c) {
  return "retry " + std::to_string(c.task) + " " + text(c.verdict) + " w" +
         std::to_string(c.worker) + " attempts " + std::to_string(c.attempts);
}
inline std::string text(const Finish& c) {
  return "finish " + std::to_string(c.task) + " " + text(c.verdict) + " w" +
         std::to_string(c.worker) + " attempts " + std::to_string(c.attempts);
}

/// A scheduler, a clock that only the test moves, and its commands as text.
class SchedulerTest : public testing::Test {
 protected:
  explicit SchedulerTest(unsigned workers = 2) : scheduler_({.max_workers = workers}) {}

  void use(SchedulerOptions options) { scheduler_ = Scheduler(options); }
  void submit(TaskId first, std::uint32_t count, TaskTraits traits = {}) {
    const TaskSpan tasks{first, count, traits};
    if (!scheduler_.queue_behind(tasks)) {
      scheduler_.on_submitted(tasks, now_);
    }
  }
  void ready(WorkerId worker) { scheduler_.on_worker_ready(worker, now_); }
  bool finish(WorkerId worker, std::uint32_t count = 1, Duration mean = Duration(0)) {
    return scheduler_.on_finished(worker, count, mean, now_);
  }
  bool skip(WorkerId worker) { return scheduler_.on_skipped(worker, now_); }
  void answer(WorkerId worker, std::optional<Sequence> claimed) {
    scheduler_.on_revoke_answered(worker, claimed, now_);
  }
  void claim(WorkerId worker, Sequence place) { scheduler_.on_claimed(worker, place, now_, now_); }
  void leave(WorkerId worker, std::optional<Sequence> running = std::nullopt) {
    scheduler_.on_worker_exited(worker, running, now_);
  }
  void kill(TaskId task) { kill({task, task + 1}); }
  void kill(TaskRange tasks) { scheduler_.on_kill_requested(tasks, now_); }
  bool stopped(WorkerId worker) { return scheduler_.on_stopped(worker, now_); }
  bool failed(WorkerId worker) { return scheduler_.on_failed(worker, now_); }
  void cancel(TaskId task) { cancel({task, task + 1}); }
  void cancel(TaskRange tasks) { scheduler_.on_cancel_requested(tasks, now_); }
  void shut_down(bool cancel_pending) { scheduler_.on_shutdown(cancel_pending, now_); }
  void resize(unsigned workers) { scheduler_.on_resized(workers, now_); }
  void boot_up() { scheduler_.on_boot_up(now_); }
  void announce_leaving(WorkerId worker) { scheduler_.on_worker_leaving(worker, now_); }
  void advance(Duration duration) {
    now_ += duration;
    scheduler_.on_time(now_);
  }
  /// When the scheduler wants to be called, counted from now.
  std::optional<Duration> wake_up() const {
    const auto deadline = scheduler_.next_deadline();
    return deadline ? std::optional<Duration>(*deadline - now_) : std::nullopt;
  }
  Lines commands() {
    Lines lines;
    for (const Command& command : scheduler_.take_commands()) {
      lines.push_back(std::visit([](const auto& content) { return text(content); }, command));
    }
    return lines;
  }
  void forget_commands() { (void)scheduler_.take_commands(); }

  /// Makes the function known: one of its tasks takes this long. Uses up ids from 1000 on.
  void teach(WorkerId worker, Duration mean, TaskTraits traits = {}) {
    submit(next_lesson_++, 1, traits);
    ASSERT_TRUE(finish(worker, 1, mean));
    forget_commands();
  }

  Scheduler scheduler_;
  Time now_{std::chrono::hours(1)};
  TaskId next_lesson_ = 1000;
};

class SingleWorkerTest : public SchedulerTest {
 protected:
  SingleWorkerTest() : SchedulerTest(1) {}
};

}  // namespace bulkhead::scheduling
