#include "executors/task_table.h"

#include <cassert>

namespace bulkhead::executors {

std::uint64_t TaskTable::add(detail::Submission submission,
                             const std::weak_ptr<detail::Driver>& driver,
                             std::vector<std::shared_ptr<detail::FutureState>>& futures) {
  const std::uint64_t first = next_id_;
  auto index = submission.first_index;
  for (Bytes& arguments : submission.arguments) {
    const std::uint64_t id = next_id_++;
    auto future = std::make_shared<detail::FutureState>(driver, id, submission.finished);
    futures.push_back(future);
    tasks_.emplace(id,
                   Task{submission.function, std::make_shared<const Bytes>(std::move(arguments)),
                        std::move(future), submission.options.timeout, index});
    if (index) {
      ++*index;
    }
  }
  return first;
}

void TaskTable::complete(std::uint64_t id, Outcome<Bytes> outcome) {
  auto task = tasks_.extract(id);
  assert(!task.empty());
  if (!outcome) {
    outcome.error().index = task.mapped().index;
  }
  task.mapped().future->complete(std::move(outcome));
}

}  // namespace bulkhead::executors
