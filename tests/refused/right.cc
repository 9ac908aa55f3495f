// Compiles: the control of the programs beside it.
#include <string>

#include <bulkhead/bulkhead.h>

const std::string& longest(const std::string& a, const std::string& b) {
  return a.size() < b.size() ? b : a;
}

void run(bulkhead::Executor& executor) {
  executor.submit(longest, "a", std::string("bb"));
  executor.submit([factor = 3](int x) { return factor * x; }, 14);
}
