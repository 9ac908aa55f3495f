// Decodes records of which some are torn and some make the decoder crash: failures are values.
// Usage: torn_records RECORD...        A record is a length, a colon, and so many letters: 5:hello

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <bulkhead/bulkhead.h>

struct TornRecord : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// From now on a TornRecord that is thrown in a worker can be caught here as what it is.
const bulkhead::ExceptionTypes<TornRecord> kExceptions;

std::string decode(const std::string& record) {
  const auto length = std::stoul(record);  // throws std::invalid_argument
  const auto text = record.substr(record.find(':') + 1);
  if (length > 1000) {
    std::raise(SIGSEGV);  // As a decoder does that believes what it reads.
  }
  if (length == 0) {
    std::exit(3);  // As a library does that knows no better.
  }
  if (text.size() != length) {
    throw TornRecord(record + ": " + std::to_string(text.size()) + " letters");
  }
  return text;
}

int main(int argc, char** argv) {
  const std::vector<std::string> records(argv + 1, argv + argc);
  bulkhead::ProcessPoolExecutor executor;

  for (auto& text : executor.map(decode, records).outcomes()) {
    if (text) {
      std::cout << *text << '\n';
      continue;
    }
    const bulkhead::Failure& failure = text.error();
    std::cout << records[*failure.index] << ": " << failure.message() << '\n';
    if (failure.kind == bulkhead::FailureKind::Crashed) {
      std::cerr << failure.report();  // many lines: the stack, what the worker used
    }
  }

  try {
    std::cout << executor.submit(decode, "5:bye").get();
  } catch (const TornRecord& error) {
    std::cout << "torn: " << error.what() << '\n';
  }
}
