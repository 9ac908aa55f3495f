#include <algorithm>

#include <bulkhead/process_pool_executor.h>

#include "executors/pool_manager.h"
#include "os/cpus.h"

namespace bulkhead {

namespace {

executors::PoolManager& manager_of(const std::shared_ptr<detail::Backend>& backend) {
  return static_cast<executors::PoolManager&>(*backend);  // The constructor made it one.
}

}  // namespace

unsigned usable_cpus() {
  const unsigned affinity = os::affinity_cpus();
  return std::min(affinity, os::cgroup_cpus().value_or(affinity));
}

ProcessPoolExecutor::ProcessPoolExecutor(PoolOptions options)
    : Executor(executors::PoolManager::start(options)) {}

ProcessPoolExecutor::~ProcessPoolExecutor() {
  if (backend_) {  // else moved from
    shutdown();
  }
}

void ProcessPoolExecutor::kill_workers() {
  manager_of(backend_).kill_workers();
}
void ProcessPoolExecutor::boot_up(BootUpOptions options) {
  manager_of(backend_).boot_up(options);
}
void ProcessPoolExecutor::resize(unsigned max_workers) {
  manager_of(backend_).resize(max_workers);
}
bool ProcessPoolExecutor::wait_until_idle(std::chrono::nanoseconds limit) {
  return manager_of(backend_).wait_until_idle(limit);
}
unsigned ProcessPoolExecutor::max_workers() const {
  return manager_of(backend_).max_workers();
}
PoolStats ProcessPoolExecutor::stats() const {
  return manager_of(backend_).stats();
}

}  // namespace bulkhead
