#include "transport/frame.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "os/large_memory.h"

namespace bulkhead::transport {

namespace {

/// The smallest piece of a payload that is worth a fragment of its own when the ring is nearly
/// full.
constexpr std::size_t kMinFragmentBytes = 4096;

/// A larger frame leaves no memory behind when it is done with.
constexpr std::size_t kKeptBytes = kRingBytes;

/// Memory for a large frame at its first fragment, if it says that there will be so much.
constexpr std::size_t kFirstReserve = std::size_t{16} << 20U;

/// Reads a header that may lie: into a local, then checked, then only the local is used.
Expected<FragmentHeader, Violation> read_header(std::span<const std::byte> bytes) {
  struct Raw {
    std::uint32_t bytes;
    std::uint8_t kind;
    std::uint8_t more;
    std::uint16_t count;
  } raw;
  static_assert(sizeof raw == offsetof(FragmentHeader, value));
  if (bytes.size() < sizeof raw) {
    return Unexpected(Violation{"a fragment is cut short"});
  }
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (raw.kind == 0 || raw.kind > static_cast<std::uint8_t>(kLastFrameKind) || raw.more > 1) {
    return Unexpected(Violation{"a fragment is of no known kind"});
  }
  FragmentHeader header{raw.bytes, static_cast<FrameKind>(raw.kind), raw.more == 1, raw.count, 0};
  const std::size_t size = header_size(header.kind);
  if (bytes.size() < size) {
    return Unexpected(Violation{"a fragment is cut short"});
  }
  std::memcpy(&header.value, bytes.data() + sizeof raw, size - sizeof raw);
  if (raw.bytes > kMaxFragmentBytes || padded(raw.bytes) > bytes.size() - size) {
    return Unexpected(Violation{"a fragment is longer than what was published"});
  }
  if (raw.more == 1 && raw.bytes == 0) {
    return Unexpected(Violation{"a fragment carries nothing, and more is to come"});
  }
  return header;
}

}  // namespace

std::size_t room_needed(std::size_t payload_bytes_left) {
  return sizeof(FragmentHeader) + padded(std::min(payload_bytes_left, kMinFragmentBytes));
}

Expected<bool, Violation> write_frame(RingWriter& ring, const Frame& frame, std::size_t& offset) {
  const auto room = ring.room();
  if (!room) {
    return Unexpected(Violation{"the reader's position is impossible"});
  }
  const std::size_t left = frame.payload.size() - offset;
  if (*room < room_needed(left)) {
    return false;
  }
  // Rounded down to whole words: only the last fragment of a frame is padded.
  const std::size_t header_bytes = header_size(frame.kind);
  const std::size_t fits = (*room - header_bytes) & ~std::size_t{7};
  const std::size_t bytes = std::min({left, fits, kMaxFragmentBytes});
  const bool more = bytes < left;
  const auto to_come =
      static_cast<std::uint16_t>(std::min<std::size_t>(left / kMaxFragmentBytes, UINT16_MAX));
  const FragmentHeader header{static_cast<std::uint32_t>(bytes), frame.kind, more,
                              more ? to_come : frame.count, frame.value};
  auto space = ring.reserve(header_bytes + padded(bytes));
  std::memcpy(space.data(), &header, header_bytes);
  if (bytes != 0) {
    std::memcpy(space.data() + header_bytes, frame.payload.data() + offset, bytes);
  }
  offset += bytes;
  return !more;
}

Expected<std::optional<std::pair<FragmentHeader, std::span<const std::byte>>>, Violation>
FrameReader::next_fragment() {
  using Fragment = std::pair<FragmentHeader, std::span<const std::byte>>;
  const auto readable = ring_.readable();
  if (!readable) {
    return Unexpected(Violation{"the writer's position is impossible"});
  }
  if (readable->empty() || ring_.held() > ring_.capacity() / 4) {
    ring_.release();
  }
  if (readable->empty()) {
    return std::optional<Fragment>();
  }
  const auto header = read_header(*readable);
  if (!header) {
    return Unexpected(header.error());
  }
  const std::size_t header_bytes = header_size(header->kind);
  ring_.consume(header_bytes + padded(header->bytes));
  return std::optional(Fragment(*header, readable->subspan(header_bytes, header->bytes)));
}

Expected<void, Violation> FrameReader::add(const FragmentHeader& header,
                                           std::span<const std::byte> payload) {
  if (assembled_.size() + payload.size() > kMaxFrameBytes) {
    return Unexpected(Violation{"a frame is too large"});
  }
  if (payload.size() > assembled_.capacity() - assembled_.size()) {
    // What is said to come may be a lie: it is believed as far as what has come makes it likely,
    // and what has come is not copied again for every fragment.
    const std::size_t size = assembled_.size();
    const std::size_t said = header.more ? (header.count + std::size_t{1}) * kMaxFragmentBytes : 0;
    const std::size_t likely = std::min(said, std::max(kFirstReserve, 3 * size));
    assembled_.reserve(size + std::max({likely, size, payload.size()}));
    os::prefer_huge_pages(assembled_.data(), assembled_.capacity());
  }
  assembled_.insert(assembled_.end(), payload.begin(), payload.end());
  assembling_ = header.more;
  return {};
}

Expected<std::optional<Frame>, Violation> FrameReader::next() {
  if (!assembling_) {
    assembled_.clear();
    if (assembled_.capacity() > kKeptBytes) {
      assembled_.shrink_to_fit();
    }
  }
  std::size_t bytes = 0;
  do {
    auto fragment = next_fragment();
    if (!fragment) {
      return Unexpected(fragment.error());
    }
    if (!*fragment) {
      return std::optional<Frame>();
    }
    const auto& [header, payload] = **fragment;
    if (!header.more && !assembling_) {
      return std::optional(Frame{header.kind, header.value, payload, header.count});
    }
    if (auto added = add(header, payload); !added) {
      return Unexpected(added.error());
    }
    bytes += header_size(header.kind) + padded(payload.size());
    if (!assembling_) {
      return std::optional(Frame{header.kind, header.value, assembled_, header.count});
    }
  } while (bytes < ring_.capacity());
  // A writer that keeps up could go on for ever. Before nullopt, all that was read is given back.
  ring_.release();
  return std::optional<Frame>();
}

Bytes FrameReader::take_payload(const Frame& frame) {
  if (!frame.payload.empty() && frame.payload.data() == assembled_.data()) {
    return std::move(assembled_);
  }
  return {frame.payload.begin(), frame.payload.end()};
}

}  // namespace bulkhead::transport
