#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include <bulkhead/process_pool_executor.h>

#include "executors/pool_manager.h"
#include "os/cpus.h"

namespace bulkhead {

namespace {

executors::PoolManager& manager_of(const std::shared_ptr<detail::Backend>& backend) {
  return static_cast<executors::PoolManager&>(*backend);  // The constructor made it one.
}

/// What the environment says. Garbage is refused: it was meant to limit something.
unsigned given_workers(std::string_view text) {
  unsigned workers = 0;
  const auto parsed = std::from_chars(text.begin(), text.end(), workers);
  if (parsed.ec != std::errc() || parsed.ptr != text.end() || workers == 0) {
    throw std::invalid_argument("BULKHEAD_MAX_WORKERS: " + std::string(text) +
                                " is not a number of workers");
  }
  return workers;
}

}  // namespace

unsigned usable_cpus() {
  if (const char* const given = std::getenv("BULKHEAD_MAX_WORKERS")) {
    return given_workers(given);
  }
  const unsigned affinity = os::affinity_cpus();
  return std::min(affinity, os::cgroup_cpus().value_or(affinity));
}

ProcessPoolExecutor::ProcessPoolExecutor(PoolOptions options)
    : Executor(executors::PoolManager::start(options)) {}

ProcessPoolExecutor::~ProcessPoolExecutor() {
  // Else moved from, or the copy that a forked child has.
  if (backend_ && manager_of(backend_).is_of_this_process()) {
    shutdown();
  }
}

void ProcessPoolExecutor::kill_workers() {
  manager_of(backend_).kill_workers();
}
void ProcessPoolExecutor::terminate_workers(std::chrono::nanoseconds grace) {
  manager_of(backend_).terminate_workers(grace);
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
bool ProcessPoolExecutor::is_open() const {
  return manager_of(backend_).is_open();
}
unsigned ProcessPoolExecutor::max_workers() const {
  return manager_of(backend_).max_workers();
}
PoolStats ProcessPoolExecutor::stats() const {
  return manager_of(backend_).stats();
}
Isolation ProcessPoolExecutor::isolation() const {
  return manager_of(backend_).isolation();
}

}  // namespace bulkhead
