#pragma once

#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

namespace bulkhead {

/// What the system tells of a process or a thread, by its folder in /proc: 'S' when it sleeps, 'T'
/// when it is stopped (proc(5)); '?': there is none.
inline char state_in(const std::string& folder) {
  std::ifstream file(folder + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');  // The name may hold anything.
  return name_end == std::string::npos ? '?' : text[name_end + 2];
}

inline char state_of(int pid) {
  return state_in("/proc/" + std::to_string(pid));
}

/// Returns when this thread of the calling process sleeps.
inline void await_sleep(pid_t thread) {
  while (state_in("/proc/self/task/" + std::to_string(thread)) != 'S') {
    std::this_thread::yield();
  }
}

}  // namespace bulkhead
