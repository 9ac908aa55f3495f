#include <vector>

#include <bulkhead/bulkhead.h>

int value(const int* number) {
  return *number;
}

void run(bulkhead::Executor& executor, const std::vector<const int*>& numbers) {
  executor.map(value, numbers);
}
