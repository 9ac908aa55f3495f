#pragma once

#include <functional>
#include <span>
#include <string_view>

namespace CLI {  // NOLINT(readability-identifier-naming): its own name
class App;
}

namespace bulkhead {

/// How the program ends.
enum class ExitStatus {
  Done = 0,
  SomeFailed = 1,
  CannotStart = 2,  ///< also wrong usage
};

/// How the program ends when a signal has interrupted it: as a shell shows it.
constexpr int status_of_signal(int signal) {
  constexpr int kSignalBase = 128;
  return kSignalBase + signal;
}

/// What runs when the command line of a job has been read. Gives the status of the program: an
/// ExitStatus, or status_of_signal().
using JobAction = std::function<int()>;

/// One subcommand of the program.
struct Job {
  std::string_view name;
  std::string_view summary;  ///< one line for --help
  /// Adds the job's options to its part of the command line, and keeps what they are set to.
  JobAction (*configure)(CLI::App& command);
};

/// All jobs, in the order of --help.
std::span<const Job> all_jobs();

}  // namespace bulkhead
