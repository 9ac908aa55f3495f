// A ring full of any bytes, and a writer's position that goes anywhere: its reader must give frames
// or a violation.
//
// Input: the number of steps, then for each step how far the position goes (2 bytes), then what
// lies in the ring.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <span>

#include "os/shared_memory.h"
#include "seed_inputs.h"
#include "transport/frame.h"

namespace {

using bulkhead::os::RingMapping;
using namespace bulkhead::transport;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

/// One ring for all runs: mapping it takes longer than a run.
std::span<std::byte> ring_body() {
  static const RingMapping mapping = [] {
    auto fd = bulkhead::os::create_shared_memory("fuzz", kRingBytes);
    require(fd.has_value());
    auto mapped = RingMapping::map(fd->get(), 0, kRingBytes, RingMapping::Access::ReadWrite);
    require(mapped.has_value());
    return std::move(*mapped);
  }();
  return {mapping.body(), kRingBytes};
}

void check(const Frame& frame, std::span<const std::byte> body, std::uint64_t published) {
  require(frame.kind >= FrameKind::Define && frame.kind <= kLastFrameKind);
  require(frame.payload.size() <= published);
  const std::byte* first = frame.payload.data();
  const std::byte* end_of_ring = body.data() + 2 * body.size();
  const bool lies_in_ring = !std::less<>()(first, body.data()) && std::less<>()(first, end_of_ring);
  require(!lies_in_ring || frame.payload.size() <= static_cast<std::size_t>(end_of_ring - first));
  // Reads every byte, so that a sanitizer sees a wrong one.
  std::size_t sum = 0;
  for (const std::byte byte : frame.payload) {
    sum += std::to_integer<std::size_t>(byte);
  }
  require(sum <= 255 * frame.payload.size());
}

/// Reads until nothing is left for the moment; false: there was a violation.
bool read_all(FrameReader& reader, std::span<const std::byte> body, std::uint64_t published) {
  for (;;) {
    reader.take_whole(FrameKind::Result, 3, [&](const PayloadRun& results) {
      for (std::size_t result = 0; result < results.count; ++result) {
        check({FrameKind::Result, 0, results[result]}, body, published);
      }
    });
    const auto frame = reader.next();
    if (!frame) {
      require(frame.error().rule[0] != '\0');
      return false;
    }
    if (*frame) {
      check(**frame, body, published);
    } else if (!reader.has_more()) {
      require(reader.released() == published);
      return true;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count) {
  std::span<const std::uint8_t> input(bytes, byte_count);
  if (input.empty()) {
    return 0;
  }
  const std::size_t steps = std::min<std::size_t>(input[0], (input.size() - 1) / 2);
  const auto distances = input.subspan(1, 2 * steps);
  const auto content = input.subspan(1 + 2 * steps);
  const auto body = ring_body();
  std::ranges::fill(body, std::byte{0});
  std::memcpy(body.data(), content.data(), std::min(content.size(), body.size()));

  Position head{0};
  Position tail{0};
  FrameReader reader(RingReader(body, head, tail));
  for (std::size_t step = 0; step < steps; ++step) {
    std::uint16_t distance = 0;
    std::memcpy(&distance, distances.data() + 2 * step, sizeof distance);
    // The longest steps are lies: as far as a position can be wrong.
    head += distance < 0xFFF0 ? distance : ~std::uint64_t{0} - distance;
    if (!read_all(reader, body, head)) {
      break;
    }
  }
  return 0;
}

namespace bulkhead::fuzz {

namespace {

struct Header {
  std::uint32_t bytes;
  std::uint8_t kind;
  std::uint8_t more;
  std::uint16_t count;
  std::uint64_t value;
};

void append(std::vector<std::uint8_t>& input, const Header& header) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(&header);
  input.insert(input.end(), first, first + header_size(static_cast<FrameKind>(header.kind)));
  input.resize(input.size() + (header.bytes + 7) / 8 * 8, 'x');
}

}  // namespace

std::vector<std::vector<std::uint8_t>> seed_inputs() {
  std::vector<std::uint8_t> whole{2, 32, 0, 24, 0};
  append(whole, {20, 7, 0, 0, 0});
  append(whole, {8, 3, 0, 2, 6});
  std::vector<std::uint8_t> in_parts{3, 24, 0, 24, 0, 16, 0};
  append(in_parts, {16, 7, 1, 0, 0});
  append(in_parts, {16, 7, 1, 0, 0});
  append(in_parts, {3, 7, 0, 0, 0});
  std::vector<std::uint8_t> empty{1, 8, 0};
  append(empty, {0, 9, 0, 0, 0});
  return {whole, in_parts, empty};
}

}  // namespace bulkhead::fuzz
