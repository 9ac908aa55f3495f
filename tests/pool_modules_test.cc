// Functions of shared libraries that the program has loaded while it runs.

#include <dlfcn.h>

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "pool_test.h"
#include "victims.h"

namespace bulkhead {
namespace {

namespace fs = std::filesystem;

using Number = int (*)(int);

/// A library of a file of its own, loaded.
class Module {
 public:
  explicit Module(const std::string& name)
      : file_(::testing::TempDir() + name + std::to_string(::getpid()) + ".so") {
    replace_by(BULKHEAD_TEST_MODULE_1);
    handle_ = ::dlopen(file_.c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(handle_, nullptr) << ::dlerror();
  }
  ~Module() {
    ::dlclose(handle_);
    remove();
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  const std::string& file() const { return file_; }
  Number function() const {
    return reinterpret_cast<Number>(::dlsym(handle_, "number_of_this_build"));
  }

  /// Another file takes its name; what is loaded stays.
  void replace_by(const std::string& other) const {
    remove();
    fs::copy_file(other, file_);
  }
  void remove() const { fs::remove(file_); }

 private:
  const std::string file_;
  void* handle_ = nullptr;
};

class PoolModules : public PoolTest {
 protected:
  static std::string refusal_of(const Future<int>& future) {
    const auto outcome = future.outcome();
    EXPECT_FALSE(outcome.has_value());
    return outcome ? "" : outcome.error().message();
  }
};
INSTANTIATE_TEST_SUITE_P(Two, PoolModules, two_pools(), name_of_kind);

TEST_P(PoolModules, LoadedBeforeThePoolAreThere) {
  const Module module("before");
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(module.function(), 7).get(), 1007);
  EXPECT_EQ(executor.map(module.function(), std::vector{1, 2}).collect(),
            (std::vector{1001, 1002}));
}

TEST_P(PoolModules, LoadedWhenTheWorkersRanAreLoadedThereToo) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  const Module module("after");
  EXPECT_EQ(executor.submit(module.function(), 7).get(), 1007);
}

TEST_P(PoolModules, OfAnotherBuildAreRefusedWithBothBuilds) {
  ProcessPoolExecutor executor(options());
  const Module module("other");
  module.replace_by(BULKHEAD_TEST_MODULE_2);
  const std::string refusal = refusal_of(executor.submit(module.function(), 7));
  EXPECT_NE(refusal.find(module.file() + " is another build in the worker: "), std::string::npos)
      << refusal;
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolModules, ThatTheWorkerCannotLoadAreNamed) {
  ProcessPoolExecutor executor(options());
  const Module module("gone");
  module.remove();
  const std::string refusal = refusal_of(executor.submit(module.function(), 7));
  EXPECT_NE(refusal.find(module.file() + ": "), std::string::npos) << refusal;
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
  EXPECT_EQ(executor.stats().crashed, 0U);
}

}  // namespace
}  // namespace bulkhead
