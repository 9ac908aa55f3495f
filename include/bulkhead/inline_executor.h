#pragma once

#include <bulkhead/executor.h>

namespace bulkhead {

/// Runs every task at once in the calling thread, through the same encoding as a process pool: for
/// tests, debuggers and machines without fork. It isolates nothing, and it ignores timeouts.
/// A map runs one item at a time, when its result is asked for.
class InlineExecutor : public Executor {
 public:
  InlineExecutor();
};

}  // namespace bulkhead
