// make_photos COUNT FOLDER: writes varied photos, for trying the program without photos of one's
// own.

#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "photos/photo.h"

namespace bulkhead::test_photos {
namespace {

constexpr int kMaxCount = 100'000;

struct Size {
  int width;
  int height;
};

/// What is in a card of mixed cameras: a few large pictures among many middling ones.
PhotoOptions nth_photo(int n) {
  constexpr std::array<Size, 12> kSizes = {{{1600, 1200},
                                            {800, 600},
                                            {2048, 1536},
                                            {1280, 853},
                                            {1024, 768},
                                            {1921, 1281},
                                            {640, 480},
                                            {4000, 3000},
                                            {900, 1200},
                                            {1600, 900},
                                            {2272, 1704},
                                            {1199, 800}}};
  constexpr std::array<Sampling, 4> kSamplings = {Sampling::S422, Sampling::S420, Sampling::S420,
                                                  Sampling::S444};
  constexpr std::array<int, 6> kOrientations = {1, 1, 6, 0, 1, 8};
  const auto index = static_cast<std::size_t>(n);
  const Size size = kSizes[index % kSizes.size()];
  PhotoOptions options;
  options.width = size.width;
  options.height = size.height;
  options.sampling = kSamplings[index % kSamplings.size()];
  options.orientation = kOrientations[index % kOrientations.size()];
  if (options.orientation > 4 && size.width > size.height) {
    std::swap(options.width, options.height);  // A camera is turned to take a portrait.
  }
  options.coding = n % 11 == 6 ? Coding::Grey : Coding::YCbCr;
  options.progressive = n % 9 == 4;
  options.quality = 80 + n % 4 * 5;
  options.seed = static_cast<std::uint32_t>(n + 1);
  return options;
}

bool write_photo(int n, const std::filesystem::path& folder) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "photo_%03d.jpg", n + 1);
  const auto file = make_photo(nth_photo(n));
  std::ofstream out(folder / name.data(), std::ios::binary);
  out.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  out.close();
  return !out.fail();
}

int parse_count(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && count >= 1 && count <= kMaxCount ? count : 0;
}

int write_photos(int count, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (int n = 0; n < count; ++n) {
    if (!write_photo(n, folder)) {
      std::fprintf(stderr, "make_photos: cannot write into %s\n", folder.c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace bulkhead::test_photos

int main(int argc, char** argv) {
  const int count = argc == 3 ? bulkhead::test_photos::parse_count(argv[1]) : 0;
  if (count == 0) {
    std::fputs("usage: make_photos COUNT FOLDER\n", stderr);
    return 2;
  }
  return bulkhead::test_photos::write_photos(count, argv[2]);
}
