// The words of texts that are not in a dictionary, which travels once to each worker.
// Usage: unknown_words DICTIONARY TEXT...

#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <bulkhead/bulkhead.h>

using Words = std::set<std::string>;

Words read_words(const std::string& filename) {
  std::ifstream text(filename);
  return {std::istream_iterator<std::string>(text), std::istream_iterator<std::string>()};
}

// The first parameter is bound by partial(), the second is an item of the map.
std::vector<std::string> unknown_words(const Words& dictionary, const std::string& filename) {
  std::vector<std::string> unknown;
  for (const auto& word : read_words(filename)) {
    if (!dictionary.contains(word)) {
      unknown.push_back(word);
    }
  }
  return unknown;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: unknown_words DICTIONARY TEXT...\n";
    return 2;
  }
  const std::vector<std::string> texts(argv + 2, argv + argc);
  const auto find_unknown = bulkhead::partial(unknown_words, read_words(argv[1]));

  bulkhead::ProcessPoolExecutor executor;
  for (auto [text, words] : bulkhead::zip(texts, executor.map(find_unknown, texts))) {
    for (const auto& word : words) {
      std::cout << text << ": " << word << '\n';
    }
  }
}
