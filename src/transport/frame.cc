#include "transport/frame.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace bulkhead::transport {

namespace {

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
  const std::size_t header_bytes = header_size(frame.kind);
  do {
    const std::size_t left = frame.payload.size() - offset;
    const auto room = ring.room();
    if (!room) {
      return Unexpected(Violation{"the reader's position is impossible"});
    }
    if (*room < room_needed(left)) {
      return false;
    }
    // Rounded down to whole words: only the last fragment of a frame is padded.
    const std::size_t fits = (*room - header_bytes) & ~std::size_t{7};
    const std::size_t bytes = std::min({left, fits, kMaxFragmentBytes});
    const FragmentHeader header{static_cast<std::uint32_t>(bytes), frame.kind, bytes < left,
                                frame.count, frame.value};
    auto space = ring.reserve(header_bytes + padded(bytes));
    std::memcpy(space.data(), &header, header_bytes);
    if (bytes != 0) {
      std::memcpy(space.data() + header_bytes, frame.payload.data() + offset, bytes);
    }
    offset += bytes;
  } while (offset < frame.payload.size());
  return true;
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
    bytes += header_size(header.kind) + padded(payload.size());
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
