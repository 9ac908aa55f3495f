#include "scheduling/start_policy.h"

#include <algorithm>

namespace bulkhead::scheduling {

void StartPolicy::on_failed(Round round, Time now) {
  if (round != round_) {
    return;
  }
  ++round_;
  ++failures_;
  not_before_ = now + pause_;
  pause_ = std::min(2 * pause_, kLongestPause);
}

void StartPolicy::on_progress(Round round) {
  failures_ = 0;
  // Only a worker that was started after the last failure proves that starting works again. Were an
  // older one enough, a pool at its limit of processes would try to fork after each task.
  if (round == round_) {
    pause_ = kFirstPause;
    not_before_ = Time::min();
  }
}

}  // namespace bulkhead::scheduling
