#pragma once

#include <atomic>

namespace bulkhead::os {

namespace detail {
extern std::atomic<unsigned> forks;
}

/// From now on every child that fork() makes knows that it is one: it has a number of its own, no
/// threads of the library, and a free fork gate. Called before anything asks; again it does
/// nothing. (pthread_atfork(3))
void count_forks();

/// A number of this process that none of its parents has, as cheap as a load.
inline unsigned process_generation() noexcept {
  return detail::forks.load(std::memory_order_relaxed);
}

}  // namespace bulkhead::os
