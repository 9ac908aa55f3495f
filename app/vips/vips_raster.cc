#include "vips/vips_raster.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "imaging/exif.h"
#include "vips/png_exif.h"
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
VipsImage* load(VipsSource* source, const RasterRequest& request, double scale) {
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
      vips_webpload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                           fail_on(request), "scale", scale, nullptr);
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

ImagePtr open_image(const RasterRequest& request, double scale) {
  const SourcePtr source(vips_source_new_from_memory(request.file.data(), request.file.size()));
  return ImagePtr(source ? load(source.get(), request, scale) : nullptr);
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

int orientation_of_png(VipsImage* image, const RasterRequest& request) {
  if (const auto exif = exif_chunk(request.file); !exif.empty()) {
    return imaging::tiff_orientation(exif);
  }
  int orientation = 1;
  const auto look = [](VipsImage*, const char* name, GValue* value, void* found) -> void* {
    if (std::string_view(name).ends_with("Raw profile type exif") ||
        std::string_view(name).ends_with("Raw profile type APP1")) {
      const char* const text = vips_value_get_ref_string(value, nullptr);
      *static_cast<int*>(found) = imaging::exif_orientation(raw_profile(text));
    }
    return nullptr;
  };
  vips_image_map(image, look, &orientation);
  return orientation;
}

int orientation_of(VipsImage* image, const RasterRequest& request) {
  switch (request.format) {
    case FileFormat::Png:
      return orientation_of_png(image, request);
    case FileFormat::Heif:
      return 1;  // libheif has turned it, as the container says; EXIF only repeats that.
    default:
      return vips_image_get_orientation(image);
  }
}

std::vector<std::byte> profile_of(VipsImage* image) {
  const void* bytes = nullptr;
  std::size_t count = 0;
  if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 ||
      vips_image_get_blob(image, VIPS_META_ICC_NAME, &bytes, &count) != 0) {
    return {};
  }
  const auto* const begin = static_cast<const std::byte*>(bytes);
  return {begin, begin + count};
}

bool is_streamed(VipsImage* image, FileFormat format) {
  return format == FileFormat::Tiff || format == FileFormat::Pnm ||
         (format == FileFormat::Png && vips_image_get_typeof(image, "interlaced") == 0);
}

class VipsRaster : public imaging::RasterSource {
 public:
  VipsRaster(const RasterRequest& request, ImagePtr image, RasterHeader header)
      : request_(request), header_(std::move(header)) {
    use(std::move(image));
  }

  const RasterHeader& header() const override { return header_; }

  Expected<void, ImageError> shrink_to(Extent least) override {
    if (request_.may_be_preview) {
      use_preview(least);
      return {};
    }
    const double scale = std::max(double(least.width) / header_.full_size.width,
                                  double(least.height) / header_.full_size.height);
    if (request_.format != FileFormat::Webp || scale >= 1) {
      return {};
    }
    ImagePtr image = open_image(request_, scale);
    if (image) {
      image = with_plain_samples(std::move(image), header_);
    }
    if (!image) {
      return Unexpected(ImageError{ImageFault::Damaged, take_error()});
    }
    use(std::move(image));
    return {};
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
  ImagePtr image = open_image(request, 1);
  if (!image) {
    return refused(ImageFault::Damaged, take_error());
  }
  RasterHeader header;
  header.full_size = extent_of(image.get());
  header.orientation = orientation_of(image.get(), request);
  header.profile = profile_of(image.get());
  header.is_streamed = is_streamed(image.get(), request.format);
  image = with_plain_samples(std::move(image), header);
  if (!image) {
    return refused(ImageFault::Unsupported, take_error());
  }
  return std::make_unique<VipsRaster>(request, std::move(image), std::move(header));
}

}  // namespace bulkhead::vips
