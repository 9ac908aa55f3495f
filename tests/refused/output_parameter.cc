#include <string>

#include <bulkhead/bulkhead.h>

void shout(std::string& text) {
  text += '!';
}

void run(bulkhead::Executor& executor, std::string& text) {
  executor.submit(shout, text);
}
