#include <bulkhead/bulkhead.h>

int sum(int a, int b) {
  return a + b;
}

void run(bulkhead::Executor& executor) {
  executor.submit(sum, 1);
}
