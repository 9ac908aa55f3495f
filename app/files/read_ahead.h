#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace bulkhead::files {

/// Has the system read files into its cache before somebody opens them, so that nobody who has to
/// compute waits for a disk.
class ReadAhead {
 public:
  ReadAhead() = default;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  /// Forgets what it has not begun.
  ~ReadAhead() = default;

  /// Has regular files read soon, in the order of the calls; returns at once. What cannot be
  /// opened is left to whoever opens it for its content. Each call wakes a thread, so that many
  /// files at once cost less. Any thread; the first call starts the one, which has the signal mask
  /// of its caller.
  void announce(std::vector<std::string> paths);

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any announced_;
  std::vector<std::string> paths_;  // guarded by mutex_
  std::jthread thread_;             // guarded by mutex_; the last member, as it uses the others
};

}  // namespace bulkhead::files
