#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace thumbjpeg {

constexpr int kBlockSide = 8;
constexpr int kBlockArea = 64;
constexpr int kMaxTables = 4;
constexpr int kMaxComponents = 3;
constexpr int kMaxBlocksInMcu = 10;

/// A Huffman table as a DHT segment defines it (T.81, B.2.4.2).
struct HuffmanSpec {
  std::array<std::uint8_t, 17> counts{};  ///< Codes of each length, 1 to 16.
  std::array<std::uint8_t, 256> symbols{};
  bool is_defined = false;

  friend bool operator==(const HuffmanSpec&, const HuffmanSpec&) = default;
};

/// Quantisation steps in zigzag order.
struct Quantizer {
  std::array<std::uint16_t, kBlockArea> steps{};
  bool is_defined = false;
};

struct Component {
  int id = 0;
  int horizontal = 1;  ///< Sampling factor.
  int vertical = 1;    ///< Sampling factor.
  int quantizer = 0;
  int blocks_wide = 0;  ///< Blocks that hold samples of the picture.
  int blocks_high = 0;
};

struct Frame {
  bool is_progressive = false;
  int width = 0;
  int height = 0;
  int max_horizontal = 1;
  int max_vertical = 1;
  int mcus_wide = 0;  ///< Of a scan of all components.
  int mcus_high = 0;
  std::vector<Component> components;
};

struct ScanComponent {
  int index = 0;  ///< In the frame.
  int dc_table = 0;
  int ac_table = 0;
};

/// The header of a scan (T.81, B.2.3).
struct ScanHeader {
  std::vector<ScanComponent> components;
  int spectral_start = 0;
  int spectral_end = kBlockArea - 1;
  int approximation_high = 0;
  int approximation_low = 0;
};

/// Walks the markers of a JPEG file and keeps what they define. Strict: whatever is irregular ends
/// the walk.
class MarkerReader {
 public:
  enum class Stop { Scan, End, Irregular };

  explicit MarkerReader(std::span<const std::uint8_t> file) : file_(file) {}

  /// Reads on to the data of the next scan or to the end of the image.
  Stop next();

  /// What follows the last marker read: after Stop::Scan, the scan's data.
  std::span<const std::uint8_t> rest() const { return file_.subspan(position_); }

  /// Steps over the data of a scan.
  void skip(std::size_t bytes) { position_ += bytes; }

  const Frame& frame() const { return frame_; }
  const ScanHeader& scan() const { return scan_; }
  const HuffmanSpec& dc_table(int index) const { return dc_tables_[std::size_t(index)]; }
  const HuffmanSpec& ac_table(int index) const { return ac_tables_[std::size_t(index)]; }
  const Quantizer& quantizer(int index) const { return quantizers_[std::size_t(index)]; }
  int restart_interval() const { return restart_interval_; }

 private:
  using Segment = std::span<const std::uint8_t>;

  int read_marker();
  bool read_segment(int marker);
  bool read_quantizers(Segment segment);
  bool read_huffman_tables(Segment segment);
  bool read_frame(Segment segment, bool is_progressive);
  bool read_component(Segment parameters);
  void measure_components();
  bool read_scan(Segment segment);
  bool read_scan_component(int id, int tables);
  bool is_scan_possible() const;
  bool read_restart_interval(Segment segment);

  std::span<const std::uint8_t> file_;
  std::size_t position_ = 0;
  bool has_started_ = false;
  Frame frame_;
  ScanHeader scan_;
  std::array<HuffmanSpec, kMaxTables> dc_tables_;
  std::array<HuffmanSpec, kMaxTables> ac_tables_;
  std::array<Quantizer, kMaxTables> quantizers_;
  int restart_interval_ = 0;
};

}  // namespace thumbjpeg
