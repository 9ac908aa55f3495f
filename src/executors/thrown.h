#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <bulkhead/error.h>

namespace bulkhead::executors {

/// What ended a call instead of a result, as it travels.
struct Thrown {
  TaskPhase phase = TaskPhase::None;
  std::uint64_t item = 0;                ///< 1 + the item of a map that it is about; 0: none
  std::vector<CodePlace> stack{};        ///< where it was thrown
  std::vector<RemoteWhat> exceptions{};  ///< the one thrown, then those nested in it
};

/// `catch (const ThrowObserver&)` in front of the handlers of a try block catches nothing, but
/// remembers where an exception was thrown that reaches the block: the handlers of a block are
/// asked while the stack is searched for one, before anything of it is unwound. So the stack of the
/// throw costs nothing unless something is thrown, nothing for exceptions that are caught further
/// in, and no function of the runtime has to be replaced.
struct ThrowObserver {
  virtual ~ThrowObserver();  // Declared only, so that its type_info is ours to define.
};

/// Describes the exception being handled, then those nested in it. Call it in a handler of a block
/// that has a ThrowObserver; in another the stack is empty, or that of an earlier exception.
Thrown describe_current_throw();

/// The position that such a word stands for: 1 + it, or 0 for none.
std::optional<std::uint64_t> index_of_item(std::uint64_t word);

/// The failure of a task that threw this. Its bytes may come from a hostile worker; so its index is
/// only the worker's word.
Failure failure_of(Thrown thrown);

}  // namespace bulkhead::executors
