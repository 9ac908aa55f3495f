// Where words are in a long text, which every task reads where it lies.
// Usage: word_places TEXT WORD...

#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/bulkhead.h>

using Text = bulkhead::Shared<std::string>;

// The text is sent once to each worker; the word is seen where it arrived, without a copy.
std::vector<std::size_t> find_places(const Text& text, std::string_view word) {
  const std::string_view all = *text;
  std::vector<std::size_t> places;
  for (auto at = all.find(word); at != all.npos; at = all.find(word, at + 1)) {
    places.push_back(at);
  }
  return places;
}

std::string read_text(const std::string& filename) {
  std::ifstream text(filename);
  return {std::istreambuf_iterator<char>(text), std::istreambuf_iterator<char>()};
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: word_places TEXT WORD...\n";
    return 2;
  }
  const std::vector<std::string> words(argv + 2, argv + argc);
  const Text text = bulkhead::share(read_text(argv[1]));

  bulkhead::ProcessPoolExecutor executor;
  const auto find_in_text = bulkhead::partial(find_places, text);
  for (auto [word, places] : bulkhead::zip(words, executor.map(find_in_text, words))) {
    std::cout << word << ':';
    for (const auto place : places) {
      std::cout << ' ' << place;
    }
    std::cout << '\n';
  }
}
