#include <string>
#include <string_view>

#include <bulkhead/bulkhead.h>

std::string_view first_word(const std::string& text) {
  return std::string_view(text).substr(0, text.find(' '));
}

void run(bulkhead::Executor& executor) {
  executor.submit(first_word, "one two");
}
