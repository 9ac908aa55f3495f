#include "imaging/sectioned_photo.h"

#include <string>
#include <utility>

#include "imaging/file_format.h"

namespace bulkhead::imaging {

namespace {

// At larger scales the coefficients take as long to travel as sharing the work saves.
constexpr int kEighthsOfSections = 1;

}  // namespace

SectionedPhoto::SectionedPhoto(std::span<const std::byte> head, std::size_t file_bytes,
                               JpegDecoder decoder, const ThumbnailOptions& options)
    : head_(head),
      file_bytes_(file_bytes),
      decoder_(std::move(decoder)),
      making_(making_of_jpeg(decoder_.header(), {}, options)),
      eighths_(scale_for(decoder_.header().size, making_, options)) {}

std::optional<SectionedPhoto> SectionedPhoto::open(std::span<const std::byte> head,
                                                   std::size_t file_bytes,
                                                   const ThumbnailOptions& options) {
  if (format_of(head) != FileFormat::Jpeg || options.from == PictureSource::Preview) {
    return std::nullopt;
  }
  auto decoder = JpegDecoder::open(head);
  if (!decoder) {
    return std::nullopt;
  }
  SectionedPhoto photo(head, file_bytes, *std::move(decoder), options);
  if (photo.eighths_ != kEighthsOfSections ||
      check_size(photo.decoder_.header(), photo.eighths_, photo.making_)) {
    return std::nullopt;
  }
  return photo;
}

std::optional<FastJpeg> SectionedPhoto::open_fast() const {
  return FastJpeg::open(head_, eighths_, making_.chroma_wanted());
}

std::optional<ByteRange> SectionedPhoto::range_of(SectionNumber number) {
  auto jpeg = open_fast();
  return jpeg ? jpeg->range_of(number, file_bytes_) : std::nullopt;
}

std::optional<Section> SectionedPhoto::decode(SectionNumber number,
                                              std::span<const std::byte> range) {
  auto jpeg = open_fast();
  return jpeg ? jpeg->decode_section(number, file_bytes_, range) : std::nullopt;
}

std::optional<Thumbnails> SectionedPhoto::join(std::span<const Section> sections) && {
  auto jpeg = open_fast();
  auto image = jpeg ? jpeg->join(sections) : std::nullopt;
  if (!image) {
    return std::nullopt;
  }
  making_.set_decoder(image->decoder + " " + std::to_string(eighths_) + "/8");
  auto thumbnails = std::move(making_).finish(std::move(image->planes));
  if (!thumbnails) {
    return std::nullopt;
  }
  return *std::move(thumbnails);
}

}  // namespace bulkhead::imaging
