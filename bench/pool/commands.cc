// Running an external command 5,000 times, as `xargs -P` does.

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <ranges>

#include <bulkhead/bulkhead.h>

#include "pool/measuring.h"
#include "pool/questions.h"

namespace bench {

namespace {
int run_true(int) {
  std::array<char, 5> name{"true"};
  const std::array<char*, 2> arguments{name.data(), nullptr};
  ::pid_t pid = 0;
  int status = ::posix_spawnp(&pid, name.data(), nullptr, nullptr, arguments.data(), environ);
  if (status == 0) {
    ::waitpid(pid, &status, 0);
  }
  return status;
}
}  // namespace

void commands(unsigned workers) {
  constexpr int kCommands = 5000;
  bulkhead::ProcessPoolExecutor executor(workers);
  const auto start = Clock::now();
  executor.map(run_true, std::views::iota(0, kCommands)).collect();
  report("commands", kCommands / seconds_since(start), "commands/s");
}

}  // namespace bench
