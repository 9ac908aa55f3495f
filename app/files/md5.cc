#include "files/md5.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace bulkhead::files {
namespace {

constexpr std::size_t kBlockBytes = 64;
constexpr std::size_t kRounds = 64;

using State = std::array<std::uint32_t, 4>;

constexpr std::array<std::array<int, 4>, 4> kShifts = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

// RFC 1321, 3.4: 4294967296 times abs(sin(i)).
std::array<std::uint32_t, kRounds> sines() {
  std::array<std::uint32_t, kRounds> table{};
  for (std::size_t i = 0; i < kRounds; ++i) {
    table[i] = static_cast<std::uint32_t>(std::fabs(std::sin(static_cast<double>(i + 1))) * 0x1p32);
  }
  return table;
}

std::uint32_t little_endian_at(std::string_view bytes, std::size_t offset) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < sizeof word; ++i) {
    word |= std::uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  }
  return word;
}

struct Mixed {
  std::uint32_t value;
  std::size_t word;
};

Mixed mixed(std::size_t round, const State& s) {
  switch (round / 16) {
    case 0:
      return {(s[1] & s[2]) | (~s[1] & s[3]), round};
    case 1:
      return {(s[3] & s[1]) | (~s[3] & s[2]), (5 * round + 1) % 16};
    case 2:
      return {s[1] ^ s[2] ^ s[3], (3 * round + 5) % 16};
    default:
      return {s[2] ^ (s[1] | ~s[3]), 7 * round % 16};
  }
}

void add_block(State& state, std::string_view block) {
  static const auto table = sines();
  State s = state;
  for (std::size_t round = 0; round < kRounds; ++round) {
    const auto [value, word] = mixed(round, s);
    const std::uint32_t sum = s[0] + value + table[round] + little_endian_at(block, 4 * word);
    s = {s[3], s[1] + std::rotl(sum, kShifts[round / 16][round % 4]), s[1], s[2]};
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    state[i] += s[i];
  }
}

std::string padded(std::string_view bytes) {
  std::string text(bytes);
  text += '\x80';
  text.append((2 * kBlockBytes - 8 - text.size() % kBlockBytes) % kBlockBytes, '\0');
  for (unsigned shift = 0; shift < 64; shift += 8) {
    text += static_cast<char>(std::uint64_t{bytes.size()} * 8 >> shift);
  }
  return text;
}

}  // namespace

Md5 md5(std::string_view bytes) {
  State state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
  const std::string text = padded(bytes);
  for (std::size_t at = 0; at < text.size(); at += kBlockBytes) {
    add_block(state, std::string_view(text).substr(at, kBlockBytes));
  }
  Md5 sum{};
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = static_cast<std::uint8_t>(state[i / 4] >> (8 * (i % 4)));
  }
  return sum;
}

std::string md5_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : md5(bytes)) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

}  // namespace bulkhead::files
