#include "executors/pool_options.h"

#include <stdexcept>
#include <string>

namespace bulkhead::executors {

namespace {

/// More is a mistake, most likely -1: no machine has the processes.
constexpr unsigned kMostWorkers = 1U << 16U;

void require(bool holds, const std::string& rule) {
  if (!holds) {
    throw std::invalid_argument(rule);
  }
}

}  // namespace

void check_workers(unsigned max_workers) {
  require(max_workers > 0 && max_workers <= kMostWorkers,
          "max_workers: " + std::to_string(max_workers) + " is not from 1 to " +
              std::to_string(kMostWorkers));
}

void check(const PoolOptions& options) {
  if (options.max_workers != 0) {
    check_workers(options.max_workers);
  }
  require(options.idle_timeout.count() >= 0, "idle_timeout: a time is not negative");
  for (const std::string& variable : options.env) {
    const std::size_t equals = variable.find('=');
    require(equals != std::string::npos && equals > 0, "env: " + variable + " is not NAME=VALUE");
  }
  require(options.hard_memory == 0 || options.soft_memory <= options.hard_memory,
          "soft_memory: it is more than hard_memory");
  require(options.writable.empty() || options.sandbox == Sandbox::Default,
          "writable: it is for the sandbox default");
  require(options.leave_limit.count() > 0, "leave_limit: a worker needs some time to leave");
}

}  // namespace bulkhead::executors
