#include <optional>

#include <bulkhead/bulkhead.h>

int first(std::optional<int*> number) {
  return **number;
}

void run(bulkhead::Executor& executor, std::optional<int*> number) {
  executor.submit(first, number);
}
