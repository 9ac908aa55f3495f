#include <bulkhead/bulkhead.h>

int* find(int) {
  return nullptr;
}

void run(bulkhead::Executor& executor) {
  executor.submit(find, 3);
}
