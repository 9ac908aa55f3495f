#pragma once

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "victims.h"

namespace bulkhead {

/// A way to run a pool: how its workers come about, and how many.
struct PoolKind {
  StartMethod start_method = StartMethod::Fork;
  unsigned max_workers = 1;

  /// "ForkTwoWorkers" would need words for numbers: "Fork2".
  friend std::string name_of(const PoolKind& kind) {
    return (kind.start_method == StartMethod::Fork ? "Fork" : "Spawn") +
           std::to_string(kind.max_workers);
  }
  friend void PrintTo(const PoolKind& kind, std::ostream* out) { *out << name_of(kind); }
};

/// A test under one kind of pool, after which nothing may be left of the pool: no process, no
/// descriptor, no mapped memory, and no word on standard error.
class PoolTest : public ::testing::TestWithParam<PoolKind> {
 protected:
  // A sanitizer writes its findings to standard error, where they must be seen.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  static constexpr bool kSanitized = true;
#else
  static constexpr bool kSanitized = false;
#endif

  void SetUp() override {
    before_ = Holdings::now();
    if (!kSanitized) {
      standard_error_ = ::dup(STDERR_FILENO);
      written_ = ::memfd_create("standard-error", MFD_CLOEXEC);
      ::dup2(written_, STDERR_FILENO);
    }
  }

  void TearDown() override {
    if (!kSanitized) {
      ::dup2(standard_error_, STDERR_FILENO);
      ::close(standard_error_);
      const std::string text = content(written_);
      ::close(written_);
      if (!may_write_to_standard_error_) {
        EXPECT_EQ(text, "") << "on standard error";
      }
    }
    const Holdings after = Holdings::now();
    EXPECT_EQ(after.descriptors, before_.descriptors);
    EXPECT_EQ(after.shared_mappings, before_.shared_mappings);
    EXPECT_FALSE(has_children());
  }

  /// The options of this kind of pool, for a test to add its own.
  static PoolOptions options() {
    PoolOptions options;
    options.max_workers = GetParam().max_workers;
    options.start_method = GetParam().start_method;
    return options;
  }

  /// For a test whose tasks write there themselves.
  void allow_standard_error() {
    may_write_to_standard_error_ = true;
  }

 private:
  /// What a process holds that a pool could forget to give back.
  struct Holdings {
    std::ptrdiff_t descriptors = 0;
    std::ptrdiff_t shared_mappings = 0;

    static Holdings now() {
      Holdings holdings;
      holdings.descriptors = std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                           std::filesystem::directory_iterator());
      std::ifstream maps("/proc/self/maps");
      for (std::string line; std::getline(maps, line);) {
        holdings.shared_mappings += line.find("memfd:bulkhead") != std::string::npos ? 1 : 0;
      }
      return holdings;
    }
  };

  static bool has_children() {
    return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
  }

  static std::string content(int fd) {
    std::string text(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
    text.resize(
        static_cast<std::size_t>(std::max<::ssize_t>(0, ::pread(fd, text.data(), text.size(), 0))));
    return text;
  }

  Holdings before_;
  int standard_error_ = -1;
  int written_ = -1;
  bool may_write_to_standard_error_ = false;
};

/// Every start method with 1, 2, 5 and 13 workers.
inline auto every_pool() {
  return ::testing::Values(PoolKind{StartMethod::Fork, 1}, PoolKind{StartMethod::Fork, 2},
                           PoolKind{StartMethod::Fork, 5}, PoolKind{StartMethod::Fork, 13},
                           PoolKind{StartMethod::Spawn, 1}, PoolKind{StartMethod::Spawn, 2},
                           PoolKind{StartMethod::Spawn, 5}, PoolKind{StartMethod::Spawn, 13});
}

/// One of each start method, for what does not depend on the number of workers.
inline auto two_pools() {
  return ::testing::Values(PoolKind{StartMethod::Fork, 2}, PoolKind{StartMethod::Spawn, 2});
}

inline std::string name_of_kind(const ::testing::TestParamInfo<PoolKind>& info) {
  return name_of(info.param);
}

}  // namespace bulkhead
