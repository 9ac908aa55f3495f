#include "running_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace bulkhead::tests {
namespace {

[[noreturn]] void become(const std::vector<std::string>& argv, const std::string& folder, int out,
                         int err) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  // A group of its own, and no signal ignored, as a shell gives each of its commands.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    ::signal(signal, SIG_DFL);
  }
  const bool is_ready = ::setpgid(0, 0) == 0 && ::chdir(folder.c_str()) == 0 &&
                        ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(err, STDERR_FILENO) >= 0;
  if (is_ready) {
    ::execv(arguments[0], arguments.data());
  }
  ::_exit(127);
}

std::string content(std::FILE* stream) {
  std::string text;
  std::array<char, 4096> part{};
  std::rewind(stream);
  for (std::size_t got = 0; (got = std::fread(part.data(), 1, part.size(), stream)) > 0;) {
    text.append(part.data(), got);
  }
  return text;
}

std::vector<Process> children(pid_t parent) {
  std::vector<Process> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || *end != '\0') {
      continue;
    }
    if (const auto process = find_process(pid); process && process->parent == parent) {
      found.push_back(*process);
    }
  }
  return found;
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& argv, const std::string& folder)
    : err_(std::tmpfile()) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    std::abort();
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    become(argv, folder, pipe[1], ::fileno(err_.get()));
  }
  ::close(pipe[1]);
  out_.reset(::fdopen(pipe[0], "r"));
}

RunningProgram::~RunningProgram() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

std::optional<std::string> RunningProgram::read_line() {
  char* line = nullptr;
  std::size_t capacity = 0;
  const ssize_t length = ::getline(&line, &capacity, out_.get());
  const std::unique_ptr<char, decltype(&std::free)> owner(line, &std::free);
  if (length < 0) {
    return std::nullopt;
  }
  std::string text(line, static_cast<std::size_t>(length));
  read_ += text;
  if (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

void RunningProgram::send(int signal) const {
  ::kill(pid_, signal);
}

void RunningProgram::press_ctrl_c() const {
  ::kill(-pid_, SIGINT);
}

Ended RunningProgram::wait() {
  while (read_line()) {
  }
  int status = -1;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), read_, content(err_.get())};
}

std::vector<std::string> with_broken_outputs(const std::vector<std::string>& argv) {
  std::vector<std::string> words = {
      "/bin/bash", "-c", "mkfifo p && exec 3<>p 4>p 3>&- && rm p && exec \"$@\" >&4 2>&4", "bash"};
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

Ended run_program(const std::vector<std::string>& argv, const std::string& folder) {
  return RunningProgram(argv, folder).wait();
}

std::optional<Process> find_process(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) {
    return std::nullopt;
  }
  // After the name, which may hold anything and ends at the last ")": proc(5).
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  Process process{.pid = pid};
  fields >> process.state >> process.parent;
  std::string skipped;
  constexpr int kBetweenParentAndTimes = 9;
  for (int i = 0; i < kBetweenParentAndTimes; ++i) {
    fields >> skipped;
  }
  long user = 0;
  long system = 0;
  fields >> user >> system;
  process.cpu_ticks = user + system;
  return process;
}

std::vector<Process> grandchildren(pid_t pid) {
  std::vector<Process> found;
  for (const Process& child : children(pid)) {
    std::ranges::move(children(child.pid), std::back_inserter(found));
  }
  return found;
}

bool is_over(pid_t pid) {
  const auto process = find_process(pid);
  return !process || process->state == 'Z' || process->state == 'X';
}

bool comes_true(const std::function<bool()>& condition) {
  constexpr std::chrono::seconds kPatience{60};  // Waited for in full only by a test that fails.
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

pid_t worker_at_work(const RunningProgram& program, pid_t other_than) {
  constexpr long kMoreThanAStart = 3;
  pid_t found = 0;
  comes_true([&] {
    for (const Process& worker : grandchildren(program.pid())) {
      if (worker.pid != other_than && worker.cpu_ticks >= kMoreThanAStart) {
        found = worker.pid;
      }
    }
    return found != 0 || is_over(program.pid());
  });
  return found;
}

}  // namespace bulkhead::tests
