// small_luma SIDE FOLDER OUT: the luma of each JPEG of a folder as it is before it is encoded, the
// short way of bulkhead thumbnails, as OUT/NAME.pgm.

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "imaging/decoded_picture.h"
#include "imaging/geometry.h"
#include "imaging/jpeg_decoder.h"

namespace bulkhead::imaging {
namespace {

Plane small_luma(std::span<const std::byte> file, int side) {
  auto decoder = JpegDecoder::open(file).value();
  const Extent size = decoder.header().size;
  const Layout layout = lay_out(size, {.box = {side, side}});
  auto image = decoder.decode(choose_dct_scale(size, layout.size)).value();
  DecodedPicture<std::uint8_t> picture(std::move(image.planes), {.model = decoder.header().colour});
  return std::move(picture.picture(layout, Chroma::Halved).value().planes.front());
}

void write_pgm(const Plane& plane, const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary);
  out << "P5\n" << plane.width() << ' ' << plane.height() << "\n255\n";
  for (int y = 0; y < plane.height(); ++y) {
    out.write(reinterpret_cast<const char*>(plane.row(y)), plane.width());
  }
}

int run(int side, const std::filesystem::path& folder, const std::filesystem::path& out) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    write_pgm(small_luma(std::as_bytes(std::span(bytes)), side),
              out / entry.path().stem().concat(".pgm"));
  }
  return 0;
}

}  // namespace
}  // namespace bulkhead::imaging

int main(int argc, char** argv) {
  int side = 0;
  const std::string_view number = argc == 4 ? argv[1] : "";
  if (std::from_chars(number.data(), number.data() + number.size(), side).ec != std::errc()) {
    std::cerr << "usage: small_luma SIDE FOLDER OUT\n";
    return 2;
  }
  return bulkhead::imaging::run(side, argv[2], argv[3]);
}
