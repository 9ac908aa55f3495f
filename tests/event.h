#pragma once

#include <latch>

namespace bulkhead {

/// Lets the test wait for what happens in whatever thread, without driving the pool.
class Event {
 public:
  void happen() { happened_.count_down(); }
  void await() { happened_.wait(); }

 private:
  std::latch happened_{1};
};

}  // namespace bulkhead
