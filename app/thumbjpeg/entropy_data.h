#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace thumbjpeg {

/// A piece of entropy-coded data that begins and ends at a byte, such as a restart interval.
struct EntropySegment {
  std::size_t begin = 0;  ///< In bytes.
  std::size_t end = 0;
};

/// Whether a marker is RST0 to RST7 (T.81, B.1.1.3).
constexpr bool is_restart(int marker) {
  return marker >= 0xD0 && marker <= 0xD7;
}

/// The number of such a marker.
constexpr int restart_number(int marker) {
  return marker - 0xD0;
}
constexpr int kRestartNumbers = 8;  ///< They are counted modulo this.

/// The data of one scan without its stuffed zeros and restart markers. The memory is kept from one
/// scan to the next.
class EntropyData {
 public:
  /// Bytes that may be read behind the data; they are zero.
  static constexpr std::size_t kSlack = 1024;

  /// More could not be counted in bits by the kernels.
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 28;

  /// Copies the data up to the marker that ends the scan. `segments` is how many there must be:
  /// one more than restart markers. False when the data is irregular: no marker at the end, restart
  /// markers out of order, too few or too many of them, fill bytes in front of a stuffed zero.
  bool read(std::span<const std::uint8_t> scan, std::size_t segments);

  /// What append() took.
  struct Appended {
    std::size_t data_bytes = 0;  ///< Up to the marker, or all.
    std::size_t bytes = 0;       ///< With the marker.
    int marker = 0;              ///< 0: none.
    bool is_regular = true;      ///< False: fill bytes in front of a stuffed zero, or of the end.
  };

  // The steps of read(), for who has a part of a scan only.

  /// Forgets all, and makes room for so many bytes.
  void clear(std::size_t bytes);

  /// Appends data up to and without the next marker.
  Appended append(std::span<const std::uint8_t> data);

  /// Makes a segment of what was appended since the last one.
  void end_segment();

  /// The last step.
  void finish();

  const std::uint8_t* bytes() const { return bytes_.get(); }
  std::size_t size() const { return size_; }  ///< In bytes.
  const std::vector<EntropySegment>& segments() const { return segments_; }

  /// Bytes of the scan in the file, up to the marker behind it.
  std::size_t bytes_in_file() const { return bytes_in_file_; }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::vector<EntropySegment> segments_;
  std::size_t bytes_in_file_ = 0;
};

/// Bytes from the start of a scan's data to the marker behind it, restart markers apart; the size
/// of `scan` when there is none.
std::size_t length_of_scan(std::span<const std::uint8_t> scan);

}  // namespace thumbjpeg
