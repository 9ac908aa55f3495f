#include <atomic>

#include <bulkhead/error.h>
#include <bulkhead/inline_executor.h>

#include "executors/backend.h"
#include "executors/call.h"

namespace bulkhead {

namespace {

using detail::Function;
using detail::FutureState;

/// Every task is over when submit() returns.
class InlineBackend final : public detail::Backend {
 public:
  std::shared_ptr<const Function> define(detail::PackedCallable callable) override {
    return std::make_shared<const Function>(Function{0, std::move(callable)});
  }

  std::vector<std::shared_ptr<FutureState>> submit(detail::Submission submission) override {
    if (shut_down_) {
      throw ShutdownError("cannot submit after shutdown");
    }
    executors::LoadedCallable callable(submission.function->callable.name,
                                       submission.function->callable.closure);
    std::vector<std::shared_ptr<FutureState>> futures;
    auto index = submission.first_index;
    for (const Bytes& arguments : submission.arguments) {
      futures.push_back(
          std::make_shared<FutureState>(std::weak_ptr<detail::Driver>(), 0, submission.finished));
      futures.back()->complete(run(callable, arguments, index));
      if (index) {
        ++*index;
      }
    }
    return futures;
  }

  std::size_t wanted(const Function&, std::size_t, std::size_t undelivered) override {
    return undelivered == 0 ? 1 : 0;
  }

  bool drive_until(const std::function<bool()>& done, detail::Deadline) override { return done(); }
  void cancel(std::uint64_t) override {}
  void shutdown(ShutdownOptions) override { shut_down_ = true; }

 private:
  static Outcome<Bytes> run(executors::LoadedCallable& callable, const Bytes& arguments,
                            std::optional<std::uint64_t> index) {
    Bytes result;
    auto thrown = executors::run_call(callable, arguments, result);
    if (!thrown) {
      return result;
    }
    return Unexpected(Failure{.kind = FailureKind::Exception,
                              .exceptions = std::move(*thrown),
                              .attempts = 1,
                              .index = index});
  }

  std::atomic<bool> shut_down_{false};
};

}  // namespace

InlineExecutor::InlineExecutor() : Executor(std::make_shared<InlineBackend>()) {}

}  // namespace bulkhead
