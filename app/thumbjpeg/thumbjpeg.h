#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "thumbjpeg/section.h"

/// A JPEG decoder for small pictures: it reads only what a picture of 1/8 to 4/8 of the size needs,
/// and steps over the rest of the data without decoding it.
namespace thumbjpeg {

/// What a plane of one component is like, in samples at the scale asked for.
struct PlaneLayout {
  int width = 0;            ///< Columns that show any of the picture.
  int height = 0;           ///< Rows that show any of the picture.
  int capacity_width = 0;   ///< Columns that are written, as blocks are written whole.
  int capacity_height = 0;  ///< Rows that are written.
  double exact_width = 0;   ///< Of the picture: its last column may be covered in part only.
  double exact_height = 0;  ///< Of the picture.
};

/// Where a plane goes: row-major, 8-bit, room for the layout's capacity.
struct PlaneMemory {
  std::uint8_t* samples = nullptr;
  std::ptrdiff_t stride = 0;  ///< From one row to the next, in bytes.
};

/// Decodes JPEG files of 8 bits a sample and 1 or 3 components that are coded by Huffman codes,
/// sequential and progressive ones, at 1 to 4 eighths. Planes hold the components as they are
/// stored: YCbCr mostly, but RGB in some of Adobe's files.
///
/// It is strict: a file that is irregular in any way, truncated ones included, is refused, for a
/// decoder that forgives. Of what it steps over it sees the structure but not whether the values
/// make sense; of progressive files it does not look into the scans that it leaves out at all.
///
/// Keeps memory and tables from one file to the next. One thread at a time.
class Decoder {
 public:
  Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  /// Reads a file's header: the layout of its planes at `eighths` (1 to 4) of its size, or nothing
  /// when the file is refused. The bytes must stay until it is decoded.
  std::optional<std::vector<PlaneLayout>> open(std::span<const std::uint8_t> file, int eighths);

  /// Decodes the file that was opened last, once. False when it is refused after all; what is in
  /// the planes then means nothing.
  bool decode(std::span<const PlaneMemory> planes);

  // A large file can be decoded in sections, at the same time by several decoders, and put together
  // by one more: it gives the same samples. Each of them opens the file's beginning, its first
  // scan's header included, at the same scale.

  /// Which bytes of the opened file, which has `file_bytes`, a section takes. Nothing when it
  /// cannot be decoded in sections: progressive files, and those of several scans.
  std::optional<ByteRange> range_of(SectionNumber number, std::size_t file_bytes);

  /// Decodes a section from those bytes. Nothing when anything is irregular, or when it cannot be
  /// told where the section begins or ends: then decode() decides.
  std::optional<Section> decode_section(SectionNumber number, std::size_t file_bytes,
                                        std::span<const std::uint8_t> range);

  /// Puts all sections of the opened file together. False when it refuses to, as decode() does.
  bool join(std::span<const Section> sections, std::span<const PlaneMemory> planes);

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace thumbjpeg
