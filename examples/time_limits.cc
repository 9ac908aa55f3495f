// Tasks that do not end, that end too late, and that end well at the second try.

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>

#include <unistd.h>

#include <bulkhead/bulkhead.h>

using namespace std::chrono_literals;

int decode_for_ever(int photo) {
  for (;;) {
    ::pause();
  }
  return photo;
}

// Looks now and then whether it should stop, and leaves in good order.
int decode_politely(int photo) {
  for (double done = 0.1;; done += (1 - done) / 2) {
    bulkhead::this_task::progress(done);
    bulkhead::this_task::check();  // throws TaskStopped
  }
  return photo;
}

int decode_on_a_bad_day(int photo) {
  if (bulkhead::this_task::attempt() == 1) {
    std::raise(SIGKILL);
  }
  return photo;
}

template <class T>
void print(const std::string& what, const bulkhead::Future<T>& future) {
  const auto outcome = future.outcome();
  std::cout << what << ": " << (outcome ? "done" : outcome.error().message()) << '\n';
}

int main() {
  bulkhead::ProcessPoolExecutor executor(1);

  print("hangs", executor.submit({.timeout = 50ms}, decode_for_ever, 1));
  print("is asked to stop", executor.submit({.timeout = 50ms, .grace = 10s}, decode_politely, 2));
  print("crashes once", executor.submit({.retries = 1}, decode_on_a_bad_day, 3));

  const auto running = executor.submit({.grace = 10s}, decode_politely, 4);
  const auto waiting = executor.submit(decode_for_ever, 5);
  while (!running.progress()) {  // Until its worker has begun.
    static_cast<void>(running.wait_for(1ms));
  }
  std::cout << std::boolalpha;
  std::cout << "cancel of a running task: " << running.cancel() << '\n';
  std::cout << "cancel of a waiting task: " << waiting.cancel() << '\n';
  std::cout << "kill of a running task: " << running.kill() << '\n';
  print("killed", running);
}
