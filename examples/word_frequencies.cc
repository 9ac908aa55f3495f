// The most frequent words of many texts: counted where the texts are read, added up on the way.
// Usage: word_frequencies COUNT FILE...

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <bulkhead/bulkhead.h>

using Frequencies = std::map<std::string, long>;

Frequencies count_words(const std::string& filename) {
  std::ifstream text(filename);
  if (!text) {
    throw std::system_error(errno, std::generic_category(), filename);
  }
  Frequencies counts;
  for (std::string word; text >> word;) {
    ++counts[word];
  }
  return counts;
}

// Runs in the workers for the files of a group, and here for what the groups come to.
Frequencies add(Frequencies sum, const Frequencies& counts) {
  for (const auto& [word, count] : counts) {
    sum[word] += count;
  }
  return sum;
}

int main(int argc, char** argv) {
  const std::size_t wanted = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10;
  const std::vector<std::string> filenames(argv + std::min(argc, 2), argv + argc);

  bulkhead::ProcessPoolExecutor executor;
  const auto counts = executor.map_reduce(count_words, add, Frequencies(), filenames);

  std::vector<std::pair<long, std::string>> by_count;
  for (const auto& [word, count] : counts) {
    by_count.emplace_back(-count, word);
  }
  std::sort(by_count.begin(), by_count.end());
  by_count.resize(std::min(by_count.size(), wanted));
  for (const auto& [count, word] : by_count) {
    std::cout << word << ": " << -count << '\n';
  }
}
