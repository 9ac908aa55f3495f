#include "executors/stop_listener.h"

#include <shared_mutex>
#include <thread>

#include "os/threads.h"

namespace bulkhead::executors {

StopListener::StopListener(const transport::WorkerEnd& channel, RunningTask& task)
    : channel_(channel), task_(task), shared_(std::make_shared<Shared>()) {
  shared_->task = &task;
}

StopListener::~StopListener() {
  const std::lock_guard lock(shared_->mutex);
  shared_->task = nullptr;
}

std::stop_token StopListener::token() {
  std::stop_source source(std::nostopstate);
  {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->is_started) {
      start_thread();
      shared_->is_started = true;
    }
    if (!shared_->source) {
      shared_->source.emplace();
    }
    source = *shared_->source;
    has_source_.store(true, std::memory_order_relaxed);
  }
  if (task_.is_stop_requested()) {
    source.request_stop();  // It was asked before there was a token.
  }
  return source.get_token();
}

void StopListener::forget() noexcept {
  // A thread that makes a token at this moment works for a task that is over.
  if (has_source_.load(std::memory_order_relaxed)) {
    const std::lock_guard lock(shared_->mutex);
    shared_->source.reset();
    has_source_.store(false, std::memory_order_relaxed);
  }
}

void StopListener::start_thread() {
  const os::SignalsBlocked inherited_by_the_thread;
  const std::shared_lock no_fork_meanwhile(os::fork_gate());  // See PoolManager::start_thread().
  os::LibraryThread::announce();
  try {
    std::jthread([shared = shared_, &channel = channel_] {
      const os::LibraryThread counted;
      listen(shared, channel);
    }).detach();
  } catch (const std::system_error&) {
    os::LibraryThread::withdraw();
    throw;
  }
}

void StopListener::listen(const std::shared_ptr<Shared>& shared,
                          const transport::WorkerEnd& channel) {
  for (;;) {  // To the end of the process.
    const std::uint32_t seen = channel.stop_signal();
    tell(*shared);
    channel.wait_for_stop_signal(seen);
  }
}

void StopListener::tell(Shared& shared) {
  std::optional<std::stop_source> asked;
  {
    const std::lock_guard lock(shared.mutex);
    if (shared.source && shared.task != nullptr && shared.task->is_stop_requested()) {
      asked = shared.source;
    }
  }
  if (asked) {
    const os::RunsProgramCode callbacks;
    asked->request_stop();
  }
}

}  // namespace bulkhead::executors
