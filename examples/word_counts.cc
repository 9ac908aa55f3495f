// How many words are in each file, and in all of them: every way to wait for a future.
// Usage: word_counts FILE...

#include <cerrno>
#include <coroutine>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <latch>
#include <string>
#include <system_error>
#include <vector>

#include <bulkhead/bulkhead.h>

struct Count {
  std::string filename;
  long words = 0;
};

Count count_words(const std::string& filename) {
  std::ifstream text(filename);
  if (!text) {
    throw std::system_error(errno, std::generic_category(), filename);
  }
  using Words = std::istream_iterator<std::string>;
  return {filename, std::distance(Words(text), Words())};
}

long sum(const std::vector<Count>& counts) {
  long words = 0;
  for (const auto& count : counts) {
    words += count.words;
  }
  return words;
}

// A coroutine that nobody waits for; any framework of coroutines brings a better one.
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Detached print_total(bulkhead::Future<std::vector<Count>> counts, std::latch& printed) {
  try {
    const long words = sum(co_await counts);
    std::cout << words << " words in all\n";
  } catch (const std::exception& error) {
    std::cout << "no total: " << error.what() << '\n';
  }
  printed.count_down();
}

int main(int argc, char** argv) {
  const std::vector<std::string> filenames(argv + 1, argv + argc);
  bulkhead::ProcessPoolExecutor executor;

  std::vector<bulkhead::Future<Count>> counts;
  for (const auto& filename : filenames) {
    counts.push_back(executor.submit(count_words, filename));  // does not wait
  }

  for (const auto& count : bulkhead::as_completed(counts)) {  // whichever ends first
    if (const auto outcome = count.outcome()) {
      std::cout << outcome->filename << ": " << outcome->words << " words\n";
    } else {
      std::cout << outcome.error().message() << '\n';
    }
  }

  const auto doubled = counts.front().then([](const Count& count) { return 2 * count.words; });
  std::cout << "twice the first: " << doubled.get() << '\n';

  counts.front().add_done_callback([](const bulkhead::Future<Count>& count) {
    std::cout << "the first again: " << count.get().words << '\n';
  });

  std::latch printed(1);
  print_total(bulkhead::collect(counts), printed);
  printed.wait();
}
