// A pool in a program with threads, a pool in a task, and the pool of the whole program.

#include <iostream>
#include <thread>
#include <vector>

#include <bulkhead/bulkhead.h>

int square(int number) {
  return number * number;
}

// A task that has a pool of its own; its workers go when the task's worker goes.
int sum_of_squares(const std::vector<int>& numbers) {
  bulkhead::ProcessPoolExecutor executor(2);
  int sum = 0;
  for (const int squared : executor.map(square, numbers)) {
    sum += squared;
  }
  return sum;
}

int main(int argc, char** argv) {
  bulkhead::init(argc, argv);  // Spawn needs it, as the first line.

  int answer = 0;
  std::jthread([&answer] {  // With a second thread the program must not be forked any more.
    bulkhead::ProcessPoolExecutor executor({.start_method = bulkhead::StartMethod::Spawn});
    answer = executor.submit(sum_of_squares, std::vector{1, 2, 3}).get();
  })
      .join();
  std::cout << "a pool in a pool: " << answer << '\n';

  std::cout << "the default pool: " << bulkhead::default_pool().submit(square, 7).get() << '\n';
}
