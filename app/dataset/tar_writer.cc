#include "dataset/tar_writer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <string>
#include <utility>

namespace bulkhead::dataset {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kEndBlocks = 2;

// A place in the header (POSIX.1-2017, pax).
struct Field {
  std::size_t offset;
  std::size_t length;
};

constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUser{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kModified{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};
constexpr Field kMajorDevice{329, 8};
constexpr Field kMinorDevice{337, 8};

constexpr std::uint64_t kReadable = 0444;

using Header = std::array<char, kBlock>;

void set(Header& header, Field field, std::string_view text) {
  assert(text.size() <= field.length);
  std::ranges::copy(text, header.begin() + static_cast<std::ptrdiff_t>(field.offset));
}

// Octal digits that fill the field but for a NUL at its end.
void set(Header& header, Field field, std::uint64_t number) {
  std::string digits(field.length - 1, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number /= 8) {
    *digit = static_cast<char>('0' + number % 8);
  }
  set(header, field, digits);
}

Header header_of(std::string_view name, std::uint64_t bytes) {
  using namespace std::string_view_literals;
  Header header{};
  set(header, kName, name);
  set(header, kMode, kReadable);
  set(header, kUser, 0);
  set(header, kGroup, 0);
  set(header, kSize, bytes);
  set(header, kModified, 0);
  set(header, kType, "0"sv);
  set(header, kMagic,
      "ustar\0"
      "00"sv);
  set(header, kMajorDevice, 0);
  set(header, kMinorDevice, 0);
  // Summed up with spaces in its own place, then written with six digits, a NUL and a space.
  set(header, kChecksum, "        "sv);
  const auto sum = std::accumulate(
      header.begin(), header.end(), std::uint64_t{0},
      [](std::uint64_t so_far, char byte) { return so_far + static_cast<unsigned char>(byte); });
  set(header, {kChecksum.offset, kChecksum.length - 1}, sum);
  header[kChecksum.offset + kChecksum.length - 2] = '\0';
  return header;
}

}  // namespace

TarWriter::TarWriter(files::PendingFile file) : file_(std::move(file)) {}

Expected<void, std::string> TarWriter::add(std::string_view name,
                                           std::span<const std::byte> content) {
  if (name.size() > kMaxTarName) {
    return Unexpected("a name of " + std::to_string(name.size()) +
                      " bytes is too long for an archive");
  }
  if (content.size() > kMaxTarContent) {
    return Unexpected(std::to_string(content.size()) + " bytes are too many for an archive");
  }
  const Header header = header_of(name, content.size());
  write_padded({header.data(), header.size()});
  write_padded({reinterpret_cast<const char*>(content.data()), content.size()});
  return {};
}

void TarWriter::write_padded(std::string_view content) {
  const std::size_t padding = (kBlock - content.size() % kBlock) % kBlock;
  file_.write(content);
  file_.write(std::string(padding, '\0'));
  bytes_ += content.size() + padding;
}

std::uint64_t TarWriter::bytes() const {
  return bytes_ + kEndBlocks * kBlock;
}

Expected<void, files::FileError> TarWriter::publish() {
  file_.write(std::string(kEndBlocks * kBlock, '\0'));
  return file_.publish();
}

}  // namespace bulkhead::dataset
