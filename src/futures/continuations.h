#pragma once

#include <bulkhead/detail/future_state.h>

namespace bulkhead::detail {

// A thread that completes a future, under whatever locks, collects the continuations of it, and
// runs them when it holds none: it must then call run_in_turn().

/// Runs what this thread has collected, in the order of completion; nothing if it is called by a
/// continuation: what is left is run as soon as that has returned. So a chain of any length needs
/// no stack.
void run_in_turn() noexcept;
/// run_in_turn() would run some.
bool is_turn_due() noexcept;

/// This thread has collected some that it has not begun.
bool has_continuations_to_run() noexcept;
/// Takes back one that this thread has collected and not begun; false: it has none such.
bool forget(Continuation& continuation) noexcept;
/// Runs them, also inside of a continuation: for one that waits for what they may make.
void run_continuations() noexcept;

}  // namespace bulkhead::detail
