#pragma once

#include <memory>
#include <typeinfo>
#include <utility>

namespace bulkhead {

namespace detail {

/// The state of this type; null: there is none yet. Throws WrongProcess outside of a worker.
void* find_worker_state(const std::type_info& type);
/// Keeps the state until the worker leaves, in the place of an earlier one of its type.
void keep_worker_state(const std::type_info& type, std::shared_ptr<void> state);

}  // namespace detail

/// The worker process that runs the task, as the task sees it: what it keeps between its tasks, and
/// which one it is. For the thread that runs the task. Outside of a worker process, which is also
/// where an InlineExecutor runs its tasks, all but exists() throw WrongProcess.
namespace this_worker {

/// The caller runs in a worker process.
bool exists() noexcept;

/// Which of the workers this is: from 0, below the largest max_workers() that the pool has had, and
/// that of no other living worker of the pool. A successor has the index of the worker whose place
/// it takes; resize() changes none.
unsigned index();

/// The number of its process.
int pid();

/// How deep pools are nested here: 1 in a worker of the program's pools, 2 in a worker of a pool
/// that a task has made.
unsigned depth();

/// Makes a T from the arguments that this worker keeps for its later tasks, in the place of the one
/// it may have. It is destroyed when the worker leaves, after the finalizer, the newest T first;
/// not when the worker is killed.
template <class T, class... A>
T& emplace_state(A&&... arguments) {
  auto state = std::make_shared<T>(std::forward<A>(arguments)...);
  detail::keep_worker_state(typeid(T), state);
  return *state;
}

/// The T that this worker keeps; made on the first use if the initializer has not emplaced one.
template <class T>
T& state() {
  void* const known = detail::find_worker_state(typeid(T));
  return known != nullptr ? *static_cast<T*>(known) : emplace_state<T>();
}

}  // namespace this_worker
}  // namespace bulkhead
