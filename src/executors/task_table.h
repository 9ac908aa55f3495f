#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "executors/backend.h"

namespace bulkhead::executors {

/// One task from its submission to its end.
struct Task {
  std::shared_ptr<const detail::Function> function;
  std::shared_ptr<const Bytes> arguments;  ///< kept until the end: it may have to be sent again
  std::shared_ptr<detail::FutureState> future;
  std::chrono::nanoseconds timeout{0};
  std::optional<std::uint64_t> index;
};

/// The tasks of a pool that are not over. Ids are consecutive, in the order of submission.
class TaskTable {
 public:
  /// Takes the tasks in and gives them ids, the first of which is returned; `futures` gets theirs.
  std::uint64_t add(detail::Submission submission, const std::weak_ptr<detail::Driver>& driver,
                    std::vector<std::shared_ptr<detail::FutureState>>& futures);

  const Task& at(std::uint64_t id) const { return tasks_.at(id); }
  /// Takes the task out and ends it. `failure.index` is filled in.
  void complete(std::uint64_t id, Outcome<Bytes> outcome);

 private:
  std::unordered_map<std::uint64_t, Task> tasks_;
  std::uint64_t next_id_ = 1;
};

}  // namespace bulkhead::executors
