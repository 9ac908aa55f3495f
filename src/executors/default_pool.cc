#include <atomic>
#include <cstdlib>
#include <memory>

#include <bulkhead/process_pool_executor.h>

#include "executors/pool_manager.h"
#include "os/forks.h"

namespace bulkhead {

namespace {

/// The default pool of one process, and the one that it took the place of: that may be shut down or
/// broken, or that of the process from which this one was forked. None is ever destroyed: somebody
/// may hold a reference to it.
struct DefaultPool {
  unsigned process = os::process_generation();
  ProcessPoolExecutor executor{};
  DefaultPool* before = nullptr;
};

// No lock, because the process may be forked at any time, by the making of the pool itself.
std::atomic<DefaultPool*> newest{nullptr};  // NOLINT: a fact about the process

void end_default_pools() {
  DefaultPool* pool = newest.load();
  while (pool != nullptr && pool->process == os::process_generation()) {
    pool->executor.kill_workers();
    pool->executor.shutdown();
    pool = pool->before;
  }
}

bool is_usable(const DefaultPool* pool) {
  return pool != nullptr && pool->process == os::process_generation() && pool->executor.is_open();
}

}  // namespace

ProcessPoolExecutor& default_pool() {
  os::count_forks();
  DefaultPool* known = newest.load();
  while (!is_usable(known)) {
    auto fresh = std::make_unique<DefaultPool>();
    fresh->before = known;
    if (newest.compare_exchange_strong(known, fresh.get())) {
      static const int registered = std::atexit(&end_default_pools);
      static_cast<void>(registered);
      return fresh.release()->executor;
    }
    // Another thread was faster, and `fresh` ends unused.
  }
  return known->executor;
}

}  // namespace bulkhead
