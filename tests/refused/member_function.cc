#include <string>

#include <bulkhead/bulkhead.h>

void run(bulkhead::Executor& executor) {
  executor.submit(&std::string::size, std::string("a"));
}
