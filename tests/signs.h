#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace bulkhead {

/// Sets a sign that a test and its tasks wait for: a file that comes into being. Safe in a handler
/// of a signal.
inline void set_sign(const std::string& file) {
  ::close(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}
inline bool is_sign_set(const std::string& file) {
  return ::access(file.c_str(), F_OK) == 0;
}
inline void wait_for_sign(const std::string& file) {
  while (!is_sign_set(file)) {
    std::this_thread::yield();
  }
}

/// The signs of one test, in a folder of its own.
class Signs {
 public:
  explicit Signs(const std::string& test)
      : folder_(::testing::TempDir() + test + "-" + std::to_string(::getpid()) + "/") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Signs() { std::filesystem::remove_all(folder_); }
  Signs(const Signs&) = delete;
  Signs& operator=(const Signs&) = delete;

  std::string name(const std::string& sign) const { return folder_ + sign; }
  void set(const std::string& sign) const { set_sign(name(sign)); }
  bool is_set(const std::string& sign) const { return is_sign_set(name(sign)); }
  void wait_for(const std::string& sign) const { wait_for_sign(name(sign)); }
  void clear(const std::string& sign) const { std::filesystem::remove(name(sign)); }

 private:
  const std::string folder_;
};

}  // namespace bulkhead
