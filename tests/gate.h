#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace bulkhead {

/// A gate in front of tasks: each says that it has come, then waits until the test lets it pass.
/// Two named pipes, so that workers of every kind find it by its name.
class Gate {
 public:
  Gate() : folder_(new_folder()) {
    ::mkfifo((folder_ + "/arrivals").c_str(), 0600);
    ::mkfifo((folder_ + "/passes").c_str(), 0600);
    // Both ways, so that neither opening nor the last reader's end matters.
    arrivals_ = ::open((folder_ + "/arrivals").c_str(), O_RDWR | O_CLOEXEC);
    passes_ = ::open((folder_ + "/passes").c_str(), O_RDWR | O_CLOEXEC);
  }
  ~Gate() {
    ::close(arrivals_);
    ::close(passes_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// What a task is told, for pass().
  const std::string& name() const { return folder_; }

  /// Waits until one more task has come; its process.
  int await_arrival() const {
    int pid = 0;
    [[maybe_unused]] const auto bytes = ::read(arrivals_, &pid, sizeof pid);
    return pid;
  }

  /// Lets so many tasks pass, those that are there or those that come.
  void let_pass(std::size_t tasks) const {
    const std::vector<char> passes(tasks);
    [[maybe_unused]] const auto bytes = ::write(passes_, passes.data(), passes.size());
  }
  void open() const { let_pass(10'000); }

  /// In a task: says that it has come; its process.
  static int arrive(const std::string& name) {
    const int arrivals = ::open((name + "/arrivals").c_str(), O_WRONLY | O_CLOEXEC);
    const int pid = ::getpid();
    [[maybe_unused]] const auto bytes = ::write(arrivals, &pid, sizeof pid);
    ::close(arrivals);
    return pid;
  }

  /// The task: its process, once it was let pass.
  static int pass(const std::string& name) {
    const int passes = ::open((name + "/passes").c_str(), O_RDONLY | O_CLOEXEC);
    const int pid = arrive(name);
    char one = 0;
    while (::read(passes, &one, 1) < 0 && errno == EINTR) {
    }
    ::close(passes);
    return pid;
  }

 private:
  static std::string new_folder() {
    static std::atomic<int> made = 0;
    const auto folder = std::filesystem::temp_directory_path() /
                        ("gate-" + std::to_string(::getpid()) + "-" + std::to_string(made++));
    std::filesystem::create_directory(folder);
    return folder.string();
  }

  std::string folder_;
  int arrivals_ = -1;
  int passes_ = -1;
};

}  // namespace bulkhead
