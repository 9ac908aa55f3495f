#pragma once

#include <sys/types.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::tests {

/// How a program ended, and all it said.
struct Ended {
  int status = -1;  ///< exit status, or minus the signal
  std::string out;
  std::string err;
};

/// A program started by a test, under its eyes.
class RunningProgram {
 public:
  /// argv[0] is the path of the program.
  RunningProgram(const std::vector<std::string>& argv, const std::string& folder);
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  ~RunningProgram();

  /// The next line of its standard output, as soon as it is there; nothing at the end.
  std::optional<std::string> read_line();

  void send(int signal) const;

  /// As a terminal does: SIGINT for the program and for all processes of its group.
  void press_ctrl_c() const;

  /// Reads the rest and waits for the end.
  Ended wait();

  pid_t pid() const { return pid_; }

 private:
  struct CloseStream {
    void operator()(std::FILE* stream) const { static_cast<void>(std::fclose(stream)); }
  };
  using Stream = std::unique_ptr<std::FILE, CloseStream>;

  pid_t pid_ = -1;
  Stream out_;
  Stream err_;
  std::string read_;  // of the standard output, so far
};

/// The command line that runs a program with a pipe without a reader for both its outputs.
std::vector<std::string> with_broken_outputs(const std::vector<std::string>& argv);

/// Starts a program and waits for its end.
Ended run_program(const std::vector<std::string>& argv, const std::string& folder);

/// One process as /proc shows it.
struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';    ///< 'T' stopped, 'Z' dead and not yet waited for
  long cpu_ticks = 0;  ///< it has used, in user and system mode
};

/// Nothing when there is no such process.
std::optional<Process> find_process(pid_t pid);

/// The children of the children of a process: for a process pool, its workers.
std::vector<Process> grandchildren(pid_t pid);

/// Whether a process is over: gone, or dead and only not yet waited for.
bool is_over(pid_t pid);

/// Asks until a condition is true; false: it was not within what the slowest machine takes.
bool comes_true(const std::function<bool()>& condition);

/// A worker of a program in the midst of its work: one that has computed for longer than it takes
/// to start. 0: the program has ended before.
pid_t worker_at_work(const RunningProgram& program, pid_t other_than = 0);

}  // namespace bulkhead::tests
