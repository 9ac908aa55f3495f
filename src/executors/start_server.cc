#include "executors/start_server.h"

#include <atomic>
#include <mutex>

#include <bulkhead/error.h>
#include <bulkhead/process_pool_executor.h>

#include "executors/worker.h"
#include "os/threads.h"

namespace bulkhead {

namespace {
std::atomic<bool> init_was_called{false};  // NOLINT: a fact about the process
}

void init(int& argc, char**& argv) {
  init_was_called = true;
  os::serve_if_fork_server(argc, argv, &executors::run_worker);
}

namespace executors {

bool is_safe_to_fork() {
  return os::foreign_thread_count() == 1;
}

StartMethod resolve(StartMethod method) {
  if (method == StartMethod::Spawn && !init_was_called) {
    throw StartError("StartMethod::Spawn needs bulkhead::init() as the first line of main");
  }
  if (method == StartMethod::Spawn || is_safe_to_fork()) {
    return method == StartMethod::Automatic ? StartMethod::Fork : method;
  }
  if (method == StartMethod::Automatic && init_was_called) {
    return StartMethod::Spawn;
  }
  throw UnsafeFork(
      "this process already has other threads, so it cannot be forked safely: create the pool "
      "before the first thread, or call bulkhead::init() as the first line of main and use "
      "StartMethod::Spawn");
}

os::Result<os::ForkServer> start_server(StartMethod method) {
  if (method == StartMethod::Spawn) {
    return os::ForkServer::spawn();
  }
  const std::unique_lock gate(os::fork_gate());
  return os::ForkServer::fork(&run_worker);
}

}  // namespace executors
}  // namespace bulkhead
