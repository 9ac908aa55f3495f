#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace bulkhead::display {

/// What a run has cost.
struct RunCost {
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds cpu{0};                  ///< of the program and all its workers
  unsigned cores = 1;                               ///< that it could have used
  std::vector<std::chrono::nanoseconds> busy = {};  ///< of each worker; none: it ran without any
};

/// A line for people, with its end:
///   2 workers, busy 98 % 97 %; 2.43 s of CPU time, 1.96 of 2 cores busy
std::string format_cost(const RunCost& cost);

/// What a run over photos came to.
struct RunSummary {
  std::size_t made = 0;             ///< photos
  std::size_t thumbnails_each = 1;  ///< of a photo
  std::size_t damaged = 0;          ///< of those made: from photos that were not whole
  std::size_t skipped = 0;          ///< photos whose thumbnails were there already
  std::size_t failed = 0;
  std::size_t not_tried = 0;  ///< left when the run was interrupted
  std::size_t left_out = 0;   ///< files whose names are those of thumbnails
  RunCost cost = {};
};

/// Lines for people, each with its end:
///   200 thumbnails made (3 damaged), 2 failed in 1.24 s: 163 photos/s
/// and the line of the cost.
std::string format_summary(const RunSummary& summary);

}  // namespace bulkhead::display
