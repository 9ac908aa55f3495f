// What a process pool costs: `pool_bench QUESTION WORKERS` prints one JSON record a figure.

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <bulkhead/bulkhead.h>

#include "pool/questions.h"

int main(int argc, char** argv) {
  bulkhead::init(argc, argv);
  using Question = std::pair<std::string_view, void (*)(unsigned)>;
  constexpr Question kQuestions[] = {
      {"round_trip", bench::round_trip},
      {"submit_then_wait", bench::submit_then_wait},
      {"map_integers", bench::map_integers},
      {"short_tasks", bench::short_tasks},
      {"heavy_tail", bench::heavy_tail},
      {"large_values", bench::large_values},
      {"captured_object", bench::captured_object},
      {"first_result", bench::first_result},
      {"crashes", bench::crashes},
      {"timeouts", bench::timeouts},
      {"memory", bench::memory},
      {"straggler", bench::straggler},
      {"kill_busy_workers", bench::kill_busy_workers},
      {"random_kills", bench::random_kills},
      {"commands", bench::commands},
  };
  if (argc == 3) {
    for (const auto& [name, ask] : kQuestions) {
      if (name == argv[1]) {
        ask(static_cast<unsigned>(std::atoi(argv[2])));
        return EXIT_SUCCESS;
      }
    }
  }
  std::fprintf(stderr, "usage: pool_bench QUESTION WORKERS\n");
  return EXIT_FAILURE;
}
