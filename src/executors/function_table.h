#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "executors/backend.h"

namespace bulkhead::executors {

/// The functions of a pool. Small ones (functions, lambdas with a few captured numbers) are kept,
/// so that submitting one again and again sends it to a worker once. Those with bound values are
/// kept while an object with these values is left. The others are forgotten when their last task or
/// map is gone. Thread-safe.
class FunctionTable {
 public:
  std::shared_ptr<const detail::Function> define(detail::PackedCallable callable);

  /// A number that no function has, forgotten like one when the last copy of this is gone.
  std::shared_ptr<const std::uint64_t> make_cohort();

  /// Functions and cohorts that nobody uses any more, since the last call.
  std::vector<std::uint64_t> take_forgotten();

 private:
  using Key = std::pair<detail::CallableName, Bytes>;
  using BoundKey = std::pair<detail::CallableName, const Bytes*>;

  /// Outlives the table: the last user of a function may be a map that outlives the pool.
  struct Forgotten {
    std::mutex mutex;
    std::vector<std::uint64_t> ids;  // guarded by mutex

    void add(std::uint64_t id) {
      const std::lock_guard lock(mutex);
      ids.push_back(id);
    }
  };

  /// A new function, which is reported as forgotten when its last user is gone. Mutex held.
  std::shared_ptr<const detail::Function> make(detail::PackedCallable callable);
  std::shared_ptr<const detail::Function> define_bound(detail::PackedCallable callable);

  std::mutex mutex_;
  std::uint64_t next_id_ = 1;                                    // guarded by mutex_
  std::map<Key, std::shared_ptr<const detail::Function>> kept_;  // guarded by mutex_
  /// Their values live as long as they do, so that no address can stand for two. Guarded by mutex_.
  std::map<BoundKey, std::shared_ptr<const detail::Function>> bound_;
  const std::shared_ptr<Forgotten> forgotten_ = std::make_shared<Forgotten>();
};

}  // namespace bulkhead::executors
