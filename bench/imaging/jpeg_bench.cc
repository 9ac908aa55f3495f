// jpeg_bench ROUNDS FOLDER: CPU seconds to decode all JPEGs of a folder at 1/8 to 4/8 of their
// size, by thumbjpeg and by libjpeg-turbo, file by file in turn. Files that thumbjpeg refuses are
// left out, and counted.

// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "pool/measuring.h"
#include "thumbjpeg/thumbjpeg.h"

namespace bench {
namespace {

constexpr int kEighths = 8;

using File = std::vector<std::uint8_t>;

double cpu_seconds() {
  std::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::vector<File> read_files(const std::filesystem::path& folder) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return files;
}

/// As a thumbnailer uses it: planes, at the size of their own.
class ThumbjpegContender {
 public:
  bool decode(const File& file, int eighths) {
    const auto layouts = decoder_.open(file, eighths);
    if (!layouts) {
      return false;
    }
    std::vector<thumbjpeg::PlaneMemory> planes;
    memory_.resize(std::max(memory_.size(), layouts->size()));
    for (std::size_t i = 0; i < layouts->size(); ++i) {
      const auto& layout = (*layouts)[i];
      const auto width = static_cast<std::size_t>(layout.capacity_width);
      memory_[i].resize(width * static_cast<std::size_t>(layout.capacity_height));
      planes.push_back({.samples = memory_[i].data(), .stride = layout.capacity_width});
    }
    return decoder_.decode(planes);
  }

 private:
  thumbjpeg::Decoder decoder_;
  std::vector<std::vector<std::uint8_t>> memory_;
};

/// As a thumbnailer uses it: rows, without a conversion to RGB.
void decode_with_libjpeg(const File& file, int eighths) {
  jpeg_decompress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  errors.emit_message = [](j_common_ptr, int) {};
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, file.data(), file.size());
  jpeg_read_header(&codec, TRUE);
  codec.scale_num = static_cast<unsigned>(eighths);
  codec.scale_denom = kEighths;
  codec.out_color_space = codec.jpeg_color_space;
  jpeg_start_decompress(&codec);
  File row(std::size_t{codec.output_width} * static_cast<unsigned>(codec.output_components));
  while (codec.output_scanline < codec.output_height) {
    JSAMPROW rows = row.data();
    jpeg_read_scanlines(&codec, &rows, 1);
  }
  jpeg_finish_decompress(&codec);
  jpeg_destroy_decompress(&codec);
}

struct Seconds {
  double thumbjpeg = 0;
  double libjpeg = 0;
};

Seconds one_round(const std::vector<File>& files, int eighths, ThumbjpegContender& thumbjpeg) {
  Seconds sum;
  for (const File& file : files) {
    const double start = cpu_seconds();
    thumbjpeg.decode(file, eighths);
    const double middle = cpu_seconds();
    decode_with_libjpeg(file, eighths);
    sum.thumbjpeg += middle - start;
    sum.libjpeg += cpu_seconds() - middle;
  }
  return sum;
}

void measure(std::vector<File> files, int eighths, int rounds) {
  ThumbjpegContender thumbjpeg;
  const auto refused =
      std::erase_if(files, [&](const File& file) { return !thumbjpeg.decode(file, eighths); });
  std::vector<double> ours;
  std::vector<double> theirs;
  for (int round = 0; round < rounds; ++round) {
    const Seconds seconds = one_round(files, eighths, thumbjpeg);
    ours.push_back(seconds.thumbjpeg);
    theirs.push_back(seconds.libjpeg);
  }
  const std::string scale = std::to_string(eighths) + "/8 ";
  report(scale + "files", static_cast<double>(files.size()), "");
  report(scale + "refused", static_cast<double>(refused), "");
  if (files.empty()) {
    return;
  }
  report(scale + "thumbjpeg", percentile(ours, 0.5), "s");
  report(scale + "libjpeg-turbo", percentile(theirs, 0.5), "s");
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  int rounds = 0;
  const std::string_view number = argc == 3 ? argv[1] : "";
  if (std::from_chars(number.data(), number.data() + number.size(), rounds).ec != std::errc() ||
      rounds < 1) {
    std::cerr << "usage: jpeg_bench ROUNDS FOLDER\n";
    return 2;
  }
  const auto files = bench::read_files(argv[2]);
  for (const int eighths : {1, 2, 3, 4}) {
    bench::measure(files, eighths, rounds);
  }
}
