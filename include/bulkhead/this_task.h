#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace bulkhead {

/// What this_task::check() throws in a task that is to stop. Not a std::exception, so that a
/// handler for errors does not take it for one. A task lets it pass.
struct TaskStopped {};

/// What a task can learn and tell while it runs. To be called by the function that was submitted,
/// by what it calls, and in a worker process by its threads too. Anywhere else nothing is asked
/// for, nothing has a limit, and nobody listens.
namespace this_task {

/// Whether the task is asked to stop: by Future::kill(), or because it has reached its timeout.
/// Both only with TaskOptions::grace, else it is killed without being asked. Costs a few
/// nanoseconds.
///
/// Once this was true the task counts as stopped, whatever it returns or throws: it is Cancelled,
/// or TimedOut. So it can clean up and return anything; its worker is kept. A task that never looks
/// and ends before the grace does keeps its result.
bool stop_requested() noexcept;

/// A token of which a stop is requested when the task is asked to stop; then it counts as stopped,
/// as if stop_requested() had been asked. A function whose first parameter (behind bound ones) is a
/// std::stop_token gets it, as one that is given to std::jthread does. What the program attaches to
/// it by std::stop_callback is run in a thread of the library, which the first call in a worker
/// starts. In no task: a token of which nothing is ever requested.
std::stop_token stop_token();

/// Throws TaskStopped if stop_requested().
void check();

/// Time left until the timeout of the task, below 0 when it has passed; nullopt: it has none.
std::optional<std::chrono::nanoseconds> remaining() noexcept;

/// Which run of the task this is: 1, or more for a retry. 0: this is no task.
unsigned attempt() noexcept;

/// Position of the item in the input of the map; nullopt: the task was submitted alone, or this is
/// none. In a map_reduce it is that of the item at hand.
std::optional<std::uint64_t> index() noexcept;

/// Tells how far the task is, from 0 to 1, to whoever asks Future::progress(). Costs a few
/// nanoseconds.
void progress(double fraction) noexcept;

}  // namespace this_task

}  // namespace bulkhead
