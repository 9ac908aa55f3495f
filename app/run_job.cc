#include "run_job.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "job.h"

namespace bulkhead {
namespace {

std::chrono::nanoseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::chrono::nanoseconds cpu_time(int whose) {
  struct rusage usage {};
  ::getrusage(whose, &usage);
  return duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
}

void warn_of_missing_layers(const Isolation& isolation) {
  if (const std::string missing = isolation.missing(); !missing.empty()) {
    std::fprintf(stderr, "bulkhead: warning: workers are locked in without %s\n", missing.c_str());
  }
}

}  // namespace

JobExecutor::JobExecutor(const RunOptions& options)
    : each_{.timeout = options.timeout, .retries = options.retries} {
  switch (options.executor) {
    case ExecutorKind::Processes:
      // Executed anew: a worker that reads untrusted files holds nothing of the program's memory.
      pool_.emplace(PoolOptions{.max_workers = options.jobs,
                                .start_method = StartMethod::Spawn,
                                .hard_memory = options.memory,
                                .sandbox = options.sandbox.value_or(Sandbox::Default)});
      warn_of_missing_layers(pool_->isolation());
      return;
    case ExecutorKind::Inline:
      if (options.sandbox.value_or(Sandbox::None) != Sandbox::None) {
        throw StartError("a sandbox needs worker processes, not --executor inline");
      }
      inline_.emplace();
      return;
  }
}

void JobExecutor::kill(int signal) {
  if (pool_) {
    pool_->kill_workers();
    return;
  }
  // The task runs in this very process, and only its end ends the task.
  end_program(signal);
}

RunReport JobExecutor::finish() {
  RunReport report;
  if (pool_) {
    pool_->shutdown();
    for (const WorkerStats& worker : pool_->stats().workers) {
      report.busy.push_back(worker.busy);
    }
    pool_.reset();
  }
  // The workers' time arrives here when they, and the fork server above them, have been waited for
  // (getrusage(2), RUSAGE_CHILDREN).
  report.cpu = cpu_time(RUSAGE_SELF) + cpu_time(RUSAGE_CHILDREN);
  return report;
}

void end_program(int signal) {
  ::_exit(status_of_signal(signal));
}

}  // namespace bulkhead
