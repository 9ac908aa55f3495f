#include "dataset/read_back.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "files/read_file.h"
#include "imaging/thumbnail.h"

namespace bulkhead::dataset {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kBlock = 512;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// Exactly so many bytes; nothing: the file ends before.
std::optional<std::string> take(std::istream& file, std::size_t count) {
  std::string bytes(count, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  return file.gcount() == static_cast<std::streamsize>(count) ? std::optional(std::move(bytes))
                                                              : std::nullopt;
}

// Empty: the picture can be decoded to its end.
std::string problem_of_picture(std::span<const std::byte> picture, BrokenPictures broken) {
  const auto decoded =
      imaging::make_thumbnails(picture, {.encoding = {.format = imaging::OutputFormat::Samples},
                                         .decoding = imaging::Decoding::Full});
  if (!decoded) {
    return decoded.error().message;
  }
  return broken == BrokenPictures::Reject ? decoded->damage : "";
}

std::uint64_t octal(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 8);
  return number;
}

bool has_right_checksum(std::string_view header) {
  constexpr std::size_t kChecksumAt = 148;
  constexpr std::size_t kChecksumBytes = 8;
  std::uint64_t sum = kChecksumBytes * ' ';
  for (std::size_t i = 0; i < header.size(); ++i) {
    const bool counts = i < kChecksumAt || i >= kChecksumAt + kChecksumBytes;
    sum += counts ? static_cast<unsigned char>(header[i]) : 0U;
  }
  return octal(header.substr(kChecksumAt, kChecksumBytes)) == sum;
}

void read_archive(std::istream& file, std::uint64_t file_bytes, BrokenPictures broken,
                  ReadBack& found) {
  while (true) {
    const auto header = take(file, kBlock);
    if (!header) {
      found.error = "ends without the end of an archive";
      return;
    }
    if (header->find_first_not_of('\0') == std::string::npos) {
      return;
    }
    const std::string name = header->substr(0, std::min<std::size_t>(header->find('\0'), 100));
    const std::uint64_t size = octal(std::string_view(*header).substr(124, 12));
    const bool is_right = has_right_checksum(*header) && size <= file_bytes;
    const auto content =
        is_right ? take(file, (size + kBlock - 1) / kBlock * kBlock) : std::nullopt;
    if (!content) {
      found.error = "has a broken member behind " + std::to_string(found.pieces.size());
      return;
    }
    const auto bytes = bytes_of(std::string_view(*content).substr(0, size));
    found.pieces.push_back({name, sha256_of(bytes)});
    if (!name.ends_with(".cls")) {
      if (std::string problem = problem_of_picture(bytes, broken); !problem.empty()) {
        found.error = name + ": " + problem;
        return;
      }
    }
  }
}

// The sides that a header of NumPy's format tells; nothing: it is none.
std::optional<std::vector<std::uint64_t>> shape_in(std::string_view header) {
  constexpr auto kBefore = "'shape': ("sv;
  const std::size_t begin = header.find(kBefore);
  if (!header.starts_with("\x93NUMPY\x01"sv) || begin == std::string_view::npos) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> shape;
  const char* at = header.data() + begin + kBefore.size();
  const char* const end = header.data() + header.size();
  while (at != end && *at != ')') {
    std::uint64_t side = 0;
    const auto [stopped, error] = std::from_chars(at, end, side);
    if (error != std::errc()) {
      return std::nullopt;
    }
    shape.push_back(side);
    at = std::find_if(stopped, end, [](char c) { return c != ',' && c != ' '; });
  }
  return shape;
}

void read_array(std::istream& file, std::uint64_t file_bytes, ReadBack& found) {
  constexpr std::size_t kHeaderBytes = 128;
  const auto header = take(file, kHeaderBytes);
  const auto shape = header ? shape_in(*header) : std::nullopt;
  if (!shape || shape->empty()) {
    found.error = "has no header of an array";
    return;
  }
  const std::uint64_t sample_bytes = header->find("'<i8'") == std::string::npos ? 1 : 8;
  const std::uint64_t row_bytes =
      std::accumulate(shape->begin() + 1, shape->end(), sample_bytes, std::multiplies<>());
  const std::uint64_t rest = file_bytes - kHeaderBytes;
  if (row_bytes == 0 || rest / row_bytes != shape->front() || rest % row_bytes != 0) {
    found.error = "is not as long as its header says";
    return;
  }
  for (std::uint64_t row = 0; row < shape->front(); ++row) {
    const auto content = take(file, row_bytes);
    if (!content) {
      found.error = "ends before row " + std::to_string(row);
      return;
    }
    found.pieces.push_back({{}, sha256_of(bytes_of(*content))});
  }
}

void read_picture(const std::string& path, BrokenPictures broken, ReadBack& found) {
  const auto file = files::read_file(path);
  if (!file) {
    found.error = file.error().reason;
    return;
  }
  found.pieces.push_back({{}, sha256_of(*file)});
  found.error = problem_of_picture(*file, broken);
}

void read(BrokenPictures broken, const ReadBackTask& task, ReadBack& found) {
  if (task.kind == FileKind::Picture) {
    read_picture(task.path, broken, found);
    return;
  }
  std::ifstream file(task.path, std::ios::binary);
  std::error_code error;
  const std::uint64_t file_bytes = std::filesystem::file_size(task.path, error);
  if (!file || error) {
    found.error = "cannot be opened";
  } else if (task.kind == FileKind::Archive) {
    read_archive(file, file_bytes, broken, found);
  } else {
    read_array(file, file_bytes, found);
  }
}

}  // namespace

ReadBack read_back(const BrokenPictures& broken, const ReadBackTask& task) {
  ReadBack found;
  try {
    read(broken, task, found);
  } catch (const std::bad_alloc&) {
    found.error = "out of memory";
  }
  return found;
}

}  // namespace bulkhead::dataset
