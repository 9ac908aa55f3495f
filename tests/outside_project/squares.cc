#include <cstdio>
#include <vector>

#include <bulkhead/bulkhead.h>

static int square(int number) {
  return number * number;
}

int main() {
  bulkhead::ProcessPoolExecutor executor(2);
  const std::vector<int> numbers = {1, 2, 3, 4};
  const auto squares = executor.map(square, numbers).collect();
  for (const int each : squares) {
    std::printf("%d\n", each);
  }
  return squares == std::vector{1, 4, 9, 16} ? 0 : 1;
}
