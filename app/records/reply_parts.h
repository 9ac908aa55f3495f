#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>
#include <bulkhead/expected.h>

#include "files/descriptor.h"

namespace bulkhead::records {

/// How large a part of a reply is, about.
inline constexpr std::size_t kPartBytes = std::size_t{1} << 20U;

/// Puts down the first parts of a reply in a file, which the program has made for them: a packed
/// file may have more rows than there is memory. A part is a value that can be the result of a
/// task.
class PartWriter {
 public:
  /// What an earlier try has left in the file at `path` goes. Without a path there are no parts.
  /// Throws std::system_error, as a task does that fails.
  explicit PartWriter(const std::string& path);

  /// False: all has to be in the reply.
  bool is_open() const { return static_cast<bool>(file_); }

  /// Throws std::system_error: the reply would lack something.
  template <class Part>
  void add(const Part& part) {
    Bytes bytes;
    Encoder encoder(bytes);
    encoder(part);
    write(bytes);
  }

 private:
  // The number of bytes in front.
  void write(std::span<const std::byte> bytes);
  void write_all(std::span<const std::byte> bytes);

  files::Descriptor file_;
};

/// Reads what a PartWriter has put down.
class PartReader {
 public:
  explicit PartReader(const std::string& path);

  /// The next part; nothing at the end, or when there is a problem.
  template <class Part>
  std::optional<Part> next() {
    const Bytes bytes = read();
    if (bytes.empty()) {
      return std::nullopt;
    }
    try {
      Decoder decoder(bytes);
      std::optional<Part> part(std::in_place);
      decoder(*part);
      return part;
    } catch (const SerializationError&) {
      problem_ = kDamaged;
      return std::nullopt;
    }
  }

  /// Why there is no next part; empty: it was the end.
  const std::string& problem() const { return problem_; }

 private:
  static constexpr const char* kDamaged = "a part of the reply is damaged";

  Bytes read();
  bool read_all(std::span<std::byte> bytes);

  files::Descriptor file_;
  std::uint64_t bytes_left_ = 0;
  std::string problem_;
};

}  // namespace bulkhead::records
