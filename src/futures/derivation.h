#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include <bulkhead/detail/then.h>

#include "futures/future_state.h"

namespace bulkhead::detail {

/// A future that is made in this process out of others: waits for its sources, one after the other,
/// runs its step, and follows the future that the step returns, if it returns one.
///
/// It lives as long as it watches a source. Thread-safe; one thread at a time goes on with it.
class Derivation final : public Driver,
                         public Continuation,
                         public std::enable_shared_from_this<Derivation> {
 public:
  static FutureRef start(std::vector<FutureRef> sources, std::unique_ptr<Step> step);
  Derivation(std::vector<FutureRef> sources, std::unique_ptr<Step> step);

  bool drive_until(const std::function<bool()>& done, Deadline deadline) override;
  void cancel(std::uint64_t task) override;
  std::shared_ptr<Driver> executor() override;

  void run() override;

 private:
  enum class Stage : std::uint8_t {
    Waiting,    ///< for the sources
    Running,    ///< the step
    Following,  ///< the one source that the step returned
    Settled,
  };

  struct Finished {
    std::vector<FutureRef> all;
    FutureRef failed;  ///< the source that stands in the way of the step; null: none
  };

  /// Those whose tasks are to be cancelled, too.
  struct Cancellation {
    std::vector<FutureRef> sources;
    bool is_following = false;  ///< then this future is cancelled only if the source is
  };

  /// Watches the next source that is not done, and goes on when it is. False: none is left to wait
  /// for. The caller holds this object.
  bool wait_for_sources();
  FutureRef next_unfinished();
  Finished finished_sources() const;
  void advance();
  void run_step(std::span<const FutureRef> sources);
  void follow(const FutureRef& inner);
  /// False: it would wait for itself.
  bool begin_to_follow(const FutureRef& inner);
  bool waits_for_itself(const FutureRef& inner) const;
  bool is_following() const;
  /// From one stage to another; false: a cancel() has come first, or it is in another stage.
  bool leave(Stage from, Stage to);
  void settle(FutureState::Result result);
  /// Cancels this future alone, unless it follows another.
  Cancellation begin_cancellation();
  /// Cancels it if the one that it follows was.
  void take_over_cancellation();

  const std::unique_ptr<Step> step_;
  FutureRef derived_;
  std::shared_ptr<Derivation> self_;  ///< while it watches, and nobody else may hold it

  mutable std::mutex mutex_;        ///< no other lock is taken under it
  Stage stage_ = Stage::Waiting;    ///< guarded by mutex_
  std::vector<FutureRef> sources_;  ///< guarded by mutex_
  std::size_t next_ = 0;            ///< all sources before it are done; guarded by mutex_
  std::weak_ptr<Driver> executor_;  ///< guarded by mutex_
};

}  // namespace bulkhead::detail
