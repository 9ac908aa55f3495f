#pragma once

#include <optional>
#include <string>

#include "os/process_title.h"

namespace bulkhead::executors {

/// What ps shows as the command line of a worker, once a task with a name has come to it: the
/// worker's name, and that of the task while one with a name runs.
class TaskTitle {
 public:
  /// The tasks that follow are called so; empty: they have no name.
  void set_task(const std::string& worker, std::string task);
  /// A task is about to run.
  void on_work();
  /// None runs.
  void on_rest();

 private:
  void show(const std::string& title);

  std::string worker_;
  std::string task_;
  bool is_task_shown_ = false;
  bool was_refused_ = false;
  std::optional<os::ProcessTitle> title_;
};

}  // namespace bulkhead::executors
