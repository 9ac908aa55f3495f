#include <bulkhead/bulkhead.h>

void run(bulkhead::Executor& executor, int* where) {
  executor.submit(bulkhead::partial([](const int*, int x) { return x; }, where), 1);
}
