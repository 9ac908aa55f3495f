#include "executors/running_task.h"

#include <atomic>
#include <utility>

#include <bulkhead/this_task.h>

namespace bulkhead {

namespace executors {

namespace {

// this_task has no argument that could carry them.
std::atomic<RunningTask*> of_process = nullptr;
thread_local RunningTask* of_thread = nullptr;

RunningTask* running_task() noexcept {
  return of_thread != nullptr ? of_thread : of_process.load(std::memory_order_acquire);
}

}  // namespace

void RunningTask::set_of_process(RunningTask* task) noexcept {
  of_process.store(task, std::memory_order_release);
}

RunningTask::InThisThread::InThisThread(RunningTask& task) noexcept
    : before_(std::exchange(of_thread, &task)) {}

RunningTask::InThisThread::~InThisThread() {
  of_thread = before_;
}

}  // namespace executors

namespace this_task {

using executors::running_task;

bool stop_requested() noexcept {
  auto* const task = running_task();
  return task != nullptr && task->is_stop_requested();
}

std::stop_token stop_token() {
  auto* const task = running_task();
  return task != nullptr ? task->stop_token() : std::stop_token();
}

void check() {
  if (stop_requested()) {
    throw TaskStopped();
  }
}

std::optional<std::chrono::nanoseconds> remaining() noexcept {
  const auto* const task = running_task();
  return task != nullptr ? task->remaining() : std::nullopt;
}

unsigned attempt() noexcept {
  const auto* const task = running_task();
  return task != nullptr ? task->attempt() : 0;
}

std::optional<std::uint64_t> index() noexcept {
  const auto* const task = running_task();
  return task != nullptr ? task->index() : std::nullopt;
}

void progress(double fraction) noexcept {
  if (auto* const task = running_task()) {
    task->report_progress(fraction);
  }
}

}  // namespace this_task

}  // namespace bulkhead
