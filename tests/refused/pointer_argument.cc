#include <bulkhead/bulkhead.h>

int first(const int* numbers) {
  return numbers[0];
}

void run(bulkhead::Executor& executor, const int* numbers) {
  executor.submit(first, numbers);
}
