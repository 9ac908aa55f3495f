// The first primes after a number: a map over an input without end.
// Usage: first_primes AFTER COUNT

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <ranges>

#include <bulkhead/bulkhead.h>

bool is_prime(std::uint64_t number) {
  for (std::uint64_t divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) {
      return false;
    }
  }
  return number > 1;
}

int main(int argc, char** argv) {
  const std::uint64_t after = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000'000;
  int wanted = argc > 2 ? std::atoi(argv[2]) : 3;

  bulkhead::ProcessPoolExecutor executor;
  const auto numbers = std::views::iota(after + 1);  // without end: it is read as it is needed
  for (auto [number, prime] : bulkhead::zip(numbers, executor.map(is_prime, numbers))) {
    if (prime) {
      std::cout << number << '\n';
      if (--wanted <= 0) {
        break;  // What was not started is cancelled.
      }
    }
  }
}
