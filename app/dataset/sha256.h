#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

namespace bulkhead::dataset {

using Sha256 = std::array<std::uint8_t, 32>;

/// In lower-case hexadecimal digits.
std::string hex(const Sha256& hash);

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
class Sha256Stream {
 public:
  /// Throws std::bad_alloc.
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept = default;
  Sha256Stream& operator=(Sha256Stream&&) noexcept = default;

  void add(std::span<const std::byte> bytes);
  void add(std::string_view bytes);

  /// The last call.
  Sha256 finish();

 private:
  struct FreeContext {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, FreeContext> context_;
};

Sha256 sha256_of(std::span<const std::byte> bytes);
Sha256 sha256_of(std::string_view text);
/// Of a file of any size. Errors, for people: those of the system.
Expected<Sha256, std::string> sha256_of_file(const std::string& path);

}  // namespace bulkhead::dataset
