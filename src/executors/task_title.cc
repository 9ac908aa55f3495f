#include "executors/task_title.h"

#include <utility>

namespace bulkhead::executors {

void TaskTitle::set_task(const std::string& worker, std::string task) {
  worker_ = worker;
  task_ = std::move(task);
  is_task_shown_ = false;
  if (task_.empty()) {
    show(worker_);
  }
}

void TaskTitle::on_work() {
  if (!is_task_shown_ && !task_.empty()) {
    is_task_shown_ = true;
    show(worker_ + ": " + task_);
  }
}

void TaskTitle::on_rest() {
  if (is_task_shown_) {
    is_task_shown_ = false;
    show(worker_);
  }
}

void TaskTitle::show(const std::string& title) {
  if (!title_ && !was_refused_) {
    auto taken_over = os::ProcessTitle::take_over();
    was_refused_ = !taken_over;
    if (taken_over) {
      title_ = *taken_over;
    }
  }
  if (title_) {
    title_->set(title);
  }
}

}  // namespace bulkhead::executors
