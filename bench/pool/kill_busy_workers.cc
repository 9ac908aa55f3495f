// How long does it take to get rid of a pool whose workers are all busy?

#include <chrono>
#include <thread>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
int never_end() {
  for (;;) {
    burn(std::chrono::milliseconds(1));
  }
}
}  // namespace

void kill_busy_workers(unsigned workers) {
  constexpr int kTimes = 10;
  std::vector<double> seconds;
  for (int i = 0; i < kTimes; ++i) {
    bulkhead::ProcessPoolExecutor executor(workers);
    std::vector<bulkhead::Future<int>> tasks;
    for (unsigned worker = 0; worker < workers; ++worker) {
      tasks.push_back(executor.submit(never_end));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // They are all running by now.
    const auto start = Clock::now();
    executor.kill_workers();
    executor.shutdown();
    seconds.push_back(seconds_since(start));
  }
  report("kill_busy_workers", percentile(seconds, 0.5), "s");
}

}  // namespace bench
