#include "transport/frame.h"

#include <algorithm>
#include <cstring>

namespace bulkhead::transport {

namespace {

constexpr std::size_t padded(std::size_t bytes) {
  return (bytes + 7) & ~std::size_t{7};
}

/// The smallest piece of a payload that is worth a fragment of its own when the ring is nearly
/// full.
constexpr std::size_t kMinFragmentBytes = 4096;

/// Reads a header that may lie: into a local, then checked, then only the local is used.
Expected<FragmentHeader, Violation> read_header(std::span<const std::byte> bytes) {
  struct Raw {
    std::uint32_t bytes;
    std::uint8_t kind;
    std::uint8_t more;
    std::uint16_t count;
    std::uint64_t value;
  } raw;
  static_assert(sizeof raw == sizeof(FragmentHeader));
  if (bytes.size() < sizeof raw) {
    return Unexpected(Violation{"a fragment is cut short"});
  }
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (raw.bytes > kMaxFragmentBytes || padded(raw.bytes) > bytes.size() - sizeof raw) {
    return Unexpected(Violation{"a fragment is longer than what was published"});
  }
  if (raw.kind == 0 || raw.kind > static_cast<std::uint8_t>(kLastFrameKind) || raw.more > 1) {
    return Unexpected(Violation{"a fragment is of no known kind"});
  }
  if (raw.more == 1 && raw.bytes == 0) {
    return Unexpected(Violation{"a fragment carries nothing, and more is to come"});
  }
  return FragmentHeader{raw.bytes, static_cast<FrameKind>(raw.kind), raw.more == 1, raw.count,
                        raw.value};
}

}  // namespace

std::size_t room_needed(std::size_t payload_bytes_left) {
  return sizeof(FragmentHeader) + padded(std::min(payload_bytes_left, kMinFragmentBytes));
}

Expected<bool, Violation> write_frame(RingWriter& ring, const Frame& frame, std::size_t& offset) {
  do {
    const auto room = ring.room();
    if (!room) {
      return Unexpected(Violation{"the reader's position is impossible"});
    }
    const std::size_t left = frame.payload.size() - offset;
    if (*room < room_needed(left)) {
      return false;
    }
    // Rounded down to whole words: only the last fragment of a frame is padded.
    const std::size_t fits = (*room - sizeof(FragmentHeader)) & ~std::size_t{7};
    const std::size_t bytes = std::min({left, fits, kMaxFragmentBytes});
    const FragmentHeader header{static_cast<std::uint32_t>(bytes), frame.kind, bytes < left,
                                frame.count, frame.value};
    auto space = ring.reserve(sizeof header + padded(bytes));
    std::memcpy(space.data(), &header, sizeof header);
    if (bytes != 0) {
      std::memcpy(space.data() + sizeof header, frame.payload.data() + offset, bytes);
    }
    offset += bytes;
  } while (offset < frame.payload.size());
  return true;
}

bool FrameReader::has_more() const noexcept {
  const auto readable = ring_.readable();
  return !readable || !readable->empty();
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
  ring_.consume(sizeof *header + padded(header->bytes));
  return std::optional(Fragment(*header, readable->subspan(sizeof *header, header->bytes)));
}

Expected<std::optional<Frame>, Violation> FrameReader::next() {
  if (!assembling_) {
    assembled_.clear();
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
    if (assembled_.size() + payload.size() > kMaxFrameBytes) {
      return Unexpected(Violation{"a frame is too large"});
    }
    assembled_.insert(assembled_.end(), payload.begin(), payload.end());
    bytes += sizeof header + padded(payload.size());
    assembling_ = header.more;
    if (!assembling_) {
      return std::optional(Frame{header.kind, header.value, assembled_, header.count});
    }
  } while (bytes < ring_.capacity());
  // A writer that keeps up could go on for ever. Before nullopt, all that was read is given back.
  ring_.release();
  return std::optional<Frame>();
}

}  // namespace bulkhead::transport
