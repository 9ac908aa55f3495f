#include <string>

#include <bulkhead/bulkhead.h>

void run(bulkhead::Executor& executor, const std::string& prefix) {
  executor.submit([prefix](const std::string& name) { return prefix + name; }, "a");
}
