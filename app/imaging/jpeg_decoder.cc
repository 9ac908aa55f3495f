#include "imaging/jpeg_decoder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "imaging/exif.h"
#include "imaging/fast_jpeg.h"
#include "imaging/iptc.h"
#include "imaging/jpeg_segments.h"
#include "imaging/libjpeg_guard.h"

namespace bulkhead::imaging {

namespace {

constexpr int kMaxComponents = 4;

// Real progressive photos have 3 to 14 scans; each scan of an empty one costs a walk over all
// blocks. 500 is libjpeg-turbo's own limit (TJFLAG_LIMITSCANS).
constexpr int kMaxScans = 500;

// About a second of such walks; a 200 megapixel photo of ten scans needs a quarter of it.
constexpr std::uint64_t kMaxBlockVisits = 100'000'000;

// Files of several scans keep all their coefficients, 2 bytes each: 270 megapixels of 4:2:0 fit.
constexpr std::uint64_t kMaxCoefficientBytes = std::uint64_t{768} << 20;

ColourModel colour_of(const jpeg_decompress_struct& codec) {
  switch (codec.jpeg_color_space) {
    case JCS_GRAYSCALE:
      return ColourModel::Grey;
    case JCS_RGB:
      return ColourModel::Rgb;
    case JCS_CMYK:
      return codec.saw_Adobe_marker != FALSE ? ColourModel::InvertedCmyk : ColourModel::Cmyk;
    case JCS_YCCK:
      return ColourModel::InvertedYcck;
    default:
      return ColourModel::YCbCr;
  }
}

std::uint64_t rounded_up(std::uint64_t value, int multiple) {
  const auto unit = static_cast<std::uint64_t>(multiple);
  return (value + unit - 1) / unit * unit;
}

}  // namespace

/// What libjpeg is to give.
struct JpegDecoder::Wanted {
  int eighths = DCTSIZE;
  bool is_rgb = false;  ///< Otherwise as stored.
};

/// The libjpeg object and all it points to: it cannot move.
struct JpegDecoder::State {
  explicit State(std::span<const std::byte> bytes) : file(bytes) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { jpeg_destroy_decompress(&codec); }

  bool read_header();
  std::optional<ImageError> check_kind() const;
  std::optional<ImageError> check_memory();
  std::uint64_t coefficient_bytes() const;
  std::vector<DecodedPlane> allocate_planes() const;
  std::vector<DecodedPlane> allocate_rgb_planes() const;
  bool start(const Wanted& wanted);
  bool read_step();
  bool read_scans();
  bool read_rows(std::vector<DecodedPlane>& planes);
  bool read_rgb_rows(std::vector<DecodedPlane>& planes);
  void start_output();
  void read_block_rows(std::span<DecodedPlane> planes);
  std::size_t bytes_read() const;
  std::uint64_t blocks_per_row() const;
  std::string damage() const;

  std::span<const std::byte> file;
  jpeg_decompress_struct codec{};
  LibjpegMessages messages;
  JpegSegments segments;
  JpegHeader header;
  int rows_read = 0;               // block rows of all components, in read_rows()
  std::size_t last_scan_end = 0;   // where the last whole scan ended, in read_scans(); 0: none did
  std::uint64_t block_visits = 0;  // by all scans, in read_scans()
  bool has_too_many_scans = false;
};

bool JpegDecoder::State::read_header() {
  codec.err = prepare_messages(messages);
  return guarded(messages, [this] {
    jpeg_create_decompress(&codec);
    watch_segments(codec, segments);
    jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&codec, TRUE);
  });
}

std::optional<ImageError> JpegDecoder::State::check_kind() const {
  if (codec.num_components > kMaxComponents || codec.jpeg_color_space == JCS_UNKNOWN) {
    return ImageError{ImageFault::Unsupported, "JPEG with " + std::to_string(codec.num_components) +
                                                   " components is not supported"};
  }
  return std::nullopt;
}

std::uint64_t JpegDecoder::State::coefficient_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& part : std::span(codec.comp_info, static_cast<unsigned>(codec.num_components))) {
    bytes += rounded_up(part.width_in_blocks, part.h_samp_factor) *
             rounded_up(part.height_in_blocks, part.v_samp_factor) * sizeof(JBLOCK);
  }
  return bytes;
}

std::optional<ImageError> JpegDecoder::State::check_memory() {
  const std::uint64_t bytes = coefficient_bytes();
  if (jpeg_has_multiple_scans(&codec) == FALSE || bytes <= kMaxCoefficientBytes) {
    return std::nullopt;
  }
  return ImageError{ImageFault::TooLarge, "progressive image needs " + std::to_string(bytes >> 20) +
                                              " MiB to decode, more than the limit of " +
                                              std::to_string(kMaxCoefficientBytes >> 20)};
}

bool JpegDecoder::State::start(const Wanted& wanted) {
  return guarded(messages, [this, &wanted] {
    codec.scale_num = static_cast<unsigned>(wanted.eighths);
    codec.scale_denom = DCTSIZE;
    codec.raw_data_out = wanted.is_rgb ? FALSE : TRUE;
    codec.out_color_space = wanted.is_rgb ? JCS_RGB : codec.jpeg_color_space;
    // Lets read_scans() drive, and stop, the reading of scans.
    codec.buffered_image = jpeg_has_multiple_scans(&codec);
    jpeg_start_decompress(&codec);
  });
}

std::string JpegDecoder::State::damage() const {
  if (messages.fatal.code != 0) {
    return plain_words(messages.fatal);
  }
  if (has_too_many_scans) {
    return "too many scans: stopped after " + std::to_string(codec.input_scan_number);
  }
  return plain_words(messages.warning);
}

std::vector<DecodedPlane> JpegDecoder::State::allocate_planes() const {
  std::vector<DecodedPlane> planes;
  const int mcu_columns =
      static_cast<int>(rounded_up(codec.image_width, codec.max_h_samp_factor * DCTSIZE)) /
      (codec.max_h_samp_factor * DCTSIZE);
  for (const auto& part : std::span(codec.comp_info, static_cast<unsigned>(codec.num_components))) {
    const int block_width = part.h_samp_factor * part.DCT_scaled_size;
    const int block_height = part.v_samp_factor * part.DCT_scaled_size;
    const Extent visible{static_cast<int>(part.downsampled_width),
                         static_cast<int>(part.downsampled_height)};
    const Extent capacity{mcu_columns * block_width,
                          static_cast<int>(codec.total_iMCU_rows) * block_height};
    planes.push_back(
        {.samples = Plane(visible, capacity),
         .width = double(codec.image_width) * block_width / (codec.max_h_samp_factor * DCTSIZE),
         .height =
             double(codec.image_height) * block_height / (codec.max_v_samp_factor * DCTSIZE)});
  }
  return planes;
}

std::vector<DecodedPlane> JpegDecoder::State::allocate_rgb_planes() const {
  const Extent size{static_cast<int>(codec.output_width), static_cast<int>(codec.output_height)};
  return std::vector<DecodedPlane>(
      3, {.samples = Plane(size), .width = double(size.width), .height = double(size.height)});
}

std::size_t JpegDecoder::State::bytes_read() const {
  // A marker that ended the scan is read already; it belongs to what follows.
  constexpr std::size_t kMarkerBytes = 2;
  const std::size_t consumed = file.size() - std::min(file.size(), codec.src->bytes_in_buffer);
  return consumed - std::min(consumed, codec.unread_marker != 0 ? kMarkerBytes : 0);
}

std::uint64_t JpegDecoder::State::blocks_per_row() const {
  const int mcu_rows = codec.comps_in_scan == 1 ? codec.cur_comp_info[0]->v_samp_factor : 1;
  return std::uint64_t{codec.MCUs_per_row} *
         static_cast<std::uint64_t>(codec.blocks_in_MCU * mcu_rows);
}

/// Reads on by one step of libjpeg's; false when there is nothing left to read.
bool JpegDecoder::State::read_step() {
  const int progress = jpeg_consume_input(&codec);
  if (progress == JPEG_ROW_COMPLETED) {
    block_visits += blocks_per_row();
  }
  if (progress == JPEG_SCAN_COMPLETED) {
    last_scan_end = bytes_read();
    has_too_many_scans = codec.input_scan_number >= kMaxScans || block_visits > kMaxBlockVisits;
  }
  return progress != JPEG_REACHED_EOI;
}

/// Reads the coefficients of all scans, or of as many as the limits allow.
bool JpegDecoder::State::read_scans() {
  return guarded(messages, [this] {
    while (!has_too_many_scans && read_step()) {
    }
  });
}

/// One row of MCUs into all planes.
void JpegDecoder::State::read_block_rows(std::span<DecodedPlane> planes) {
  constexpr int kMaxLines = MAX_SAMP_FACTOR * DCTSIZE;
  std::array<std::array<JSAMPROW, kMaxLines>, kMaxComponents> rows;
  std::array<JSAMPARRAY, kMaxComponents> components{};
  for (std::size_t c = 0; c < planes.size(); ++c) {
    const int lines = codec.comp_info[c].v_samp_factor * codec.comp_info[c].DCT_scaled_size;
    for (int line = 0; line < lines; ++line) {
      rows[c][static_cast<std::size_t>(line)] = planes[c].samples.row(rows_read * lines + line);
    }
    components[c] = rows[c].data();
  }
  jpeg_read_raw_data(&codec, components.data(), kMaxLines);
  ++rows_read;
}

void JpegDecoder::State::start_output() {
  if (codec.buffered_image != FALSE) {
    jpeg_start_output(&codec, codec.input_scan_number);
  }
}

bool JpegDecoder::State::read_rows(std::vector<DecodedPlane>& planes) {
  return guarded(messages, [this, &planes] {
    start_output();
    while (codec.output_scanline < codec.output_height) {
      read_block_rows(planes);
    }
  });
}

bool JpegDecoder::State::read_rgb_rows(std::vector<DecodedPlane>& planes) {
  const std::size_t width = codec.output_width;
  std::vector<JSAMPLE> pixels(planes.size() * width);
  return guarded(messages, [this, &planes, &pixels, width] {
    start_output();
    for (; codec.output_scanline < codec.output_height; ++rows_read) {
      JSAMPROW row = pixels.data();
      jpeg_read_scanlines(&codec, &row, 1);
      JSAMPLE* const red = planes[0].samples.row(rows_read);
      JSAMPLE* const green = planes[1].samples.row(rows_read);
      JSAMPLE* const blue = planes[2].samples.row(rows_read);
      for (std::size_t x = 0; x < width; ++x) {
        red[x] = row[3 * x];
        green[x] = row[3 * x + 1];
        blue[x] = row[3 * x + 2];
      }
    }
  });
}

Expected<JpegDecoder, ImageError> JpegDecoder::open(std::span<const std::byte> file) {
  auto state = std::make_unique<State>(file);
  if (!state->read_header()) {
    return Unexpected(error_of(state->messages));
  }
  if (auto error = state->check_kind()) {
    return Unexpected(std::move(*error));
  }
  const auto& codec = state->codec;
  state->header = {
      .size = {static_cast<int>(codec.image_width), static_cast<int>(codec.image_height)},
      .colour = colour_of(codec),
      .orientation = exif_orientation(state->segments.exif),
      .profile = state->segments.profile(),
      .exif = std::as_bytes(exif_structure(state->segments.exif)),
      .xmp = std::as_bytes(state->segments.xmp),
      .iptc = iptc_in_resources(std::as_bytes(state->segments.resources)),
      .preview = std::as_bytes(exif_preview(state->segments.exif))};
  state->header.has_broken_profile =
      state->segments.profile_part_count != 0 && state->header.profile.empty();
  return JpegDecoder(std::move(state));
}

JpegDecoder::JpegDecoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
JpegDecoder::JpegDecoder(JpegDecoder&&) noexcept = default;
JpegDecoder& JpegDecoder::operator=(JpegDecoder&&) noexcept = default;
JpegDecoder::~JpegDecoder() = default;

const JpegHeader& JpegDecoder::header() const {
  return state_->header;
}

Expected<DecodedImage, ImageError> JpegDecoder::decode(int eighths, Chroma chroma) {
  if (auto fast = FastJpeg::open(state_->file, eighths, chroma)) {
    if (auto image = fast->decode()) {
      return std::move(*image);
    }
  }
  return decode_slowly({.eighths = eighths});
}

Expected<DecodedImage, ImageError> JpegDecoder::decode_rgb() {
  return decode_slowly({.eighths = DCTSIZE, .is_rgb = true});
}

Expected<DecodedImage, ImageError> JpegDecoder::decode_slowly(const Wanted& wanted) {
  State& state = *state_;
  if (auto error = state.check_memory()) {
    return Unexpected(std::move(*error));
  }
  if (!state.start(wanted)) {
    return Unexpected(error_of(state.messages));
  }
  if (state.codec.buffered_image != FALSE && !state.read_scans()) {
    return decode_whole_scans(wanted);
  }
  DecodedImage image{
      .planes = wanted.is_rgb ? state.allocate_rgb_planes() : state.allocate_planes(),
      .damage = {}};
  const bool is_read =
      wanted.is_rgb ? state.read_rgb_rows(image.planes) : state.read_rows(image.planes);
  if (!is_read && state.rows_read == 0) {
    return Unexpected(error_of(state.messages));
  }
  image.damage = state.damage();
  return image;
}

Expected<DecodedImage, ImageError> JpegDecoder::decode_whole_scans(const Wanted& wanted) {
  // A shorter file each time, so this comes to an end.
  if (state_->last_scan_end == 0 || state_->last_scan_end >= state_->file.size()) {
    return Unexpected(error_of(state_->messages));
  }
  // libjpeg cannot go on after a fatal message, but it forgives a file that just ends.
  auto shortened = open(state_->file.first(state_->last_scan_end));
  if (!shortened) {
    return Unexpected(std::move(shortened.error()));
  }
  auto image = wanted.is_rgb ? shortened->decode_rgb() : shortened->decode(wanted.eighths);
  if (image) {
    image->damage = state_->damage();
  }
  return image;
}

}  // namespace bulkhead::imaging
