#include "vips/vips_raster.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "imaging/exif.h"
#include "imaging/png_chunks.h"
#include "imaging/tiff_exif.h"
#include "vips/cut_png.h"
#include "vips/raw_profile.h"
#include "vips/vips_library.h"
#include "vips/vips_samples.h"

namespace bulkhead::vips {

namespace {

using imaging::Extent;
using imaging::FileFormat;
using imaging::ImageError;
using imaging::ImageFault;
using imaging::RasterHeader;
using imaging::RasterRequest;

VipsFailOn fail_on(const RasterRequest& request) {
  return request.makes_up_rest ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_TRUNCATED;
}

/// The picture of a source, lazily; null with an error of libvips.
VipsImage* load(VipsSource* source, const RasterRequest& request) {
  VipsImage* image = nullptr;
  const auto load_with = [&](auto* loader) {
    loader(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on(request), nullptr);
  };
  switch (request.format) {
    case FileFormat::Png:
      load_with(vips_pngload_source);
      break;
    case FileFormat::Gif:
      load_with(vips_gifload_source);
      break;
    case FileFormat::Webp:
      load_with(vips_webpload_source);
      break;
    case FileFormat::Tiff:
      load_with(vips_tiffload_source);
      break;
    case FileFormat::Heif:
      load_with(vips_heifload_source);
      break;
    case FileFormat::Pnm:
      load_with(vips_ppmload_source);
      break;
    case FileFormat::Jpeg:
    case FileFormat::Bmp:
    case FileFormat::Raw:
      vips_error("bulkhead", "not a format for libvips");
      break;
  }
  return image;
}

ImagePtr open_image(const RasterRequest& request) {
  const SourcePtr source(vips_source_new_from_memory(request.file.data(), request.file.size()));
  return ImagePtr(source ? load(source.get(), request) : nullptr);
}

/// The small picture in a HEIC or AVIF file, or the photo itself; null with an error of libvips.
ImagePtr open_preview(const RasterRequest& request) {
  const SourcePtr source(vips_source_new_from_memory(request.file.data(), request.file.size()));
  VipsImage* image = nullptr;
  if (source) {
    vips_heifload_source(source.get(), &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                         fail_on(request), "thumbnail", TRUE, nullptr);
  }
  return ImagePtr(image);
}

Extent extent_of(const VipsImage* image) {
  return {vips_image_get_width(image), vips_image_get_height(image)};
}

std::vector<std::byte> blob_of(VipsImage* image, const char* name) {
  const void* bytes = nullptr;
  std::size_t count = 0;
  if (vips_image_get_typeof(image, name) == 0 ||
      vips_image_get_blob(image, name, &bytes, &count) != 0) {
    return {};
  }
  const auto* const begin = static_cast<const std::byte*>(bytes);
  return {begin, begin + count};
}

using ExifBytes = std::vector<std::uint8_t>;

/// The EXIF that ImageMagick hides in a text of a PNG; as a segment of a JPEG has it.
ExifBytes exif_in_text(VipsImage* image) {
  ExifBytes found;
  const auto look = [](VipsImage*, const char* name, GValue* value, void* exif) -> void* {
    if (std::string_view(name).ends_with("Raw profile type exif") ||
        std::string_view(name).ends_with("Raw profile type APP1")) {
      *static_cast<ExifBytes*>(exif) = raw_profile(vips_value_get_ref_string(value, nullptr));
    }
    return nullptr;
  };
  vips_image_map(image, look, &found);
  return found;
}

std::vector<std::byte> exif_of(VipsImage* image, const RasterRequest& request) {
  if (request.format == FileFormat::Png) {
    if (const auto exif = imaging::find_chunk(request.file, "eXIf"); !exif.empty()) {
      return {exif.begin(), exif.end()};
    }
    const ExifBytes in_text = exif_in_text(image);
    const auto exif = std::as_bytes(imaging::exif_structure(in_text));
    return {exif.begin(), exif.end()};
  }
  if (request.format == FileFormat::Tiff) {
    return imaging::exif_in_tiff(request.file);
  }
  const auto exif = blob_of(image, VIPS_META_EXIF_NAME);
  const auto structure = imaging::tiff_structure(exif);
  return {structure.begin(), structure.end()};
}

std::vector<std::byte> xmp_of(VipsImage* image) {
  // libvips 8.14 calls that of HEIC and AVIF "heif-mime-1", or another number.
  std::string name = VIPS_META_XMP_NAME;
  const auto look = [](VipsImage*, const char* field, GValue*, void* found) -> void* {
    if (!std::string_view(field).starts_with("heif-mime-")) {
      return nullptr;
    }
    *static_cast<std::string*>(found) = field;
    return found;
  };
  vips_image_map(image, look, &name);
  return blob_of(image, name.c_str());
}

int orientation_of(VipsImage* image, const RasterRequest& request,
                   std::span<const std::byte> exif) {
  switch (request.format) {
    case FileFormat::Png:
      return imaging::tiff_orientation(
          {reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size()});
    case FileFormat::Heif:
      return 1;  // libheif has turned it, as the container says; EXIF only repeats that.
    default:
      return vips_image_get_orientation(image);
  }
}

bool is_streamed(VipsImage* image, FileFormat format) {
  return format == FileFormat::Tiff || format == FileFormat::Pnm ||
         (format == FileFormat::Png && vips_image_get_typeof(image, "interlaced") == 0);
}

RasterHeader header_of(VipsImage* image, const RasterRequest& request) {
  RasterHeader header;
  header.decoder = "libvips " + std::string(imaging::name_of(request.format));
  header.full_size = extent_of(image);
  header.exif = exif_of(image, request);
  header.orientation = orientation_of(image, request, header.exif);
  header.profile = blob_of(image, VIPS_META_ICC_NAME);
  header.xmp = xmp_of(image);
  header.iptc = blob_of(image, VIPS_META_IPTC_NAME);
  // libpng keeps quiet about what it leaves out.
  header.has_broken_profile = header.profile.empty() && request.format == FileFormat::Png &&
                              !imaging::find_chunk(request.file, "iCCP").empty();
  header.is_streamed = is_streamed(image, request.format);
  return header;
}

class VipsRaster : public imaging::RasterSource {
 public:
  VipsRaster(const RasterRequest& request, ImagePtr image, RasterHeader header)
      : request_(request), header_(std::move(header)) {
    use(std::move(image));
  }

  const RasterHeader& header() const override { return header_; }

  void shrink_to(Extent least) override {
    if (request_.may_be_preview) {
      use_preview(least);
    }
  }

  Expected<std::span<const std::byte>, ImageError> read_row() override {
    if (next_row_ == strip_end_ && !read_strip()) {
      return Unexpected(ImageError{ImageFault::Damaged, take_error()});
    }
    const VipsPel* const row = VIPS_REGION_ADDR(region_.get(), 0, next_row_++);
    return std::span(reinterpret_cast<const std::byte*>(row),
                     VIPS_REGION_SIZEOF_LINE(region_.get()));
  }

 private:
  void use_preview(Extent least) {
    ImagePtr image = open_preview(request_);
    RasterHeader header = header_;
    if (image && covers(extent_of(image.get()), least) &&
        has_proportions_of(extent_of(image.get()), header_.full_size)) {
      image = with_plain_samples(std::move(image), header);
      if (image) {
        header_ = std::move(header);
        use(std::move(image));
      }
    }
    vips_error_clear();
  }

  void use(ImagePtr image) {
    header_.size = extent_of(image.get());
    region_.reset(vips_region_new(image.get()));
    image_ = std::move(image);
  }

  bool read_strip() {
    constexpr int kStripRows = 16;  // The loaders of libvips make as many at once, at least.
    const VipsRect strip{0, next_row_, header_.size.width,
                         std::min(kStripRows, header_.size.height - next_row_)};
    strip_end_ = next_row_ + strip.height;
    return vips_region_prepare(region_.get(), &strip) == 0;
  }

  RasterRequest request_;
  RasterHeader header_;
  ImagePtr image_;
  RegionPtr region_;  // of the image, so that it goes first
  int next_row_ = 0;
  int strip_end_ = 0;
};

}  // namespace

imaging::OpenedRaster open(const RasterRequest& request) {
  const auto refused = [](ImageFault fault, std::string message) {
    return Unexpected(ImageError{fault, std::move(message)});
  };
  if (!start_library() || !has_loader(request.format)) {
    return refused(ImageFault::Unsupported,
                   "libvips here cannot read " + std::string(imaging::name_of(request.format)));
  }
  vips_error_clear();
  ImagePtr image = open_image(request);
  if (!image) {
    return refused(ImageFault::Damaged, take_error());
  }
  RasterHeader header = header_of(image.get(), request);
  if (request.makes_up_rest && request.format == FileFormat::Png) {
    return open_cut_png(request.file, std::move(header));
  }
  image = with_plain_samples(std::move(image), header);
  if (!image) {
    return refused(ImageFault::Unsupported, take_error());
  }
  return std::make_unique<VipsRaster>(request, std::move(image), std::move(header));
}

}  // namespace bulkhead::vips
