#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/options.h>

#include "futures/future_state.h"

namespace bulkhead::detail {

/// A callable that workers can run. Equal id: equal function and closure.
struct Function {
  std::uint64_t id = 0;
  PackedCallable callable;
};

/// Tasks of one function that are submitted together.
struct Submission {
  std::shared_ptr<const Function> function;
  std::vector<Bytes> arguments{};  ///< one a task
  TaskOptions options{};
  std::optional<std::uint64_t> first_index{};  ///< of the first task in the input of a map
  std::shared_ptr<std::atomic<std::size_t>>
      finished{};  ///< counts those that are over; may be null
};

/// The duty of an executor's back end: bytes in, futures out. Thread-safe.
class Backend : public Driver {
 public:
  virtual std::shared_ptr<const Function> define(PackedCallable callable) = 0;

  /// One future for each task. Throws ShutdownError after shutdown.
  virtual std::vector<std::shared_ptr<FutureState>> submit(Submission submission) = 0;

  /// How many more tasks a map should hand in, of whose tasks so many are not finished, and so many
  /// not delivered.
  virtual std::size_t wanted(const Function& function, std::size_t unfinished,
                             std::size_t undelivered) = 0;

  virtual void shutdown(ShutdownOptions options) = 0;
};

}  // namespace bulkhead::detail
