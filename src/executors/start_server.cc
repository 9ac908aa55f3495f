#include "executors/start_server.h"

#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

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
  // A thread that was joined a moment ago may still be listed while the kernel takes it apart.
  constexpr int kLooks = 100;
  for (int look = 0; look < kLooks; ++look) {
    if (os::foreign_thread_count() == 1) {
      return true;
    }
    std::this_thread::yield();
  }
  return false;
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
  std::cout.flush();  // Else each worker would inherit, and print, what is not written yet.
  std::clog.flush();
  const std::unique_lock gate(os::fork_gate());
  if (!is_safe_to_fork()) {  // A thread of the library may have begun to run the program's code.
    return Unexpected(os::SystemError{EAGAIN, "fork a program with threads"});
  }
  return os::ForkServer::fork(&run_worker);
}

}  // namespace executors
}  // namespace bulkhead
