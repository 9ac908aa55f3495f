// Runs a fuzz target where there is no libFuzzer:
//   TARGET FILE...            runs the files
//   TARGET --mutate N SEED    runs N mutations of the target's seeds, the same for the same seed

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "seed_inputs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count);

namespace {

using Bytes = std::vector<std::uint8_t>;
using Random = std::mt19937;  // The standard fixes its numbers, unlike those of distributions.

std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

/// A position in the file: every other one in its first part, where the headers are.
std::size_t position(Random& random, const Bytes& bytes) {
  constexpr std::size_t kHeaders = 700;
  const bool is_in_headers = below(random, 2) == 0;
  return below(random, is_in_headers ? std::min(kHeaders, bytes.size()) : bytes.size());
}

void copy_a_part(Bytes& bytes, Random& random) {
  const std::size_t from = position(random, bytes);
  const std::size_t count = std::min(below(random, 200), bytes.size() - from);
  const Bytes part(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                   bytes.begin() + static_cast<std::ptrdiff_t>(from + count));
  const auto to = static_cast<std::ptrdiff_t>(position(random, bytes));
  bytes.insert(bytes.begin() + to, part.begin(), part.end());
}

void erase_a_part(Bytes& bytes, Random& random) {
  const std::size_t from = position(random, bytes);
  const std::size_t count = std::min(below(random, 60), bytes.size() - from);
  const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(from);
  bytes.erase(first, first + static_cast<std::ptrdiff_t>(count));
}

void mutate_once(Bytes& bytes, Random& random) {
  constexpr std::uint8_t kTelling[] = {0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF};
  if (bytes.empty()) {
    return;
  }
  std::uint8_t& byte = bytes[position(random, bytes)];
  switch (below(random, 7)) {
    case 0:
      byte = static_cast<std::uint8_t>(byte ^ 1U << below(random, 8));
      return;
    case 1:
      byte = static_cast<std::uint8_t>(random());
      return;
    case 2:
      byte = kTelling[below(random, std::size(kTelling))];
      return;
    case 3:
      byte = static_cast<std::uint8_t>(0xC0 + below(random, 64));  // Markers live here.
      return;
    case 4:
      copy_a_part(bytes, random);
      return;
    case 5:
      erase_a_part(bytes, random);
      return;
    default:
      bytes.resize(below(random, 4) == 0 ? position(random, bytes) : bytes.size());
  }
}

// Ends the program by SIGALRM when the input takes far longer than any should.
void run_in_time(const Bytes& bytes) {
  constexpr unsigned kSeconds = 60;
  ::alarm(kSeconds);
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  ::alarm(0);
}

int run_mutations(int count, unsigned seed) {
  std::printf("%d mutations, seed %u\n", count, seed);
  const auto seeds = bulkhead::fuzz::seed_inputs();
  Random random(seed);
  for (int i = 0; i < count; ++i) {
    Bytes bytes = seeds[below(random, seeds.size())];
    for (std::size_t mutations = 1 + below(random, 6); mutations > 0; --mutations) {
      mutate_once(bytes, random);
    }
    // A run that ends here leaves the input that ended it.
    if (const char* path = std::getenv("FUZZ_LAST_INPUT")) {
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    }
    run_in_time(bytes);
  }
  return 0;
}

int run_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "%s: cannot read\n", path);
    return 1;
  }
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "--mutate") {
    return run_mutations(std::atoi(argv[2]), static_cast<unsigned>(std::atoi(argv[3])));
  }
  int failures = 0;
  for (int i = 1; i < argc; ++i) {
    failures += run_file(argv[i]);
  }
  return failures == 0 ? 0 : 1;
}
