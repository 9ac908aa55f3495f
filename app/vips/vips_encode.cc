#include "vips/vips_encode.h"

#include <string>

#include "vips/vips_library.h"

namespace bulkhead::vips {

namespace {

using imaging::EncodeRequest;
using imaging::Encoding;
using imaging::ImageError;
using imaging::ImageFault;
using imaging::OutputFormat;

/// The format and its options, as libvips takes them behind a file's name.
std::string suffix_of(const EncodeRequest& request) {
  const Encoding& encoding = request.encoding;
  const std::string quality = "Q=" + std::to_string(encoding.quality);
  switch (encoding.format) {
    case OutputFormat::Png:
      return ".png[strip]";
    case OutputFormat::Webp:
      return ".webp[strip," + quality + "]";
    case OutputFormat::Avif:
      return std::string(".avif[") + (request.metadata.empty() ? "strip," : "") + quality + "]";
    case OutputFormat::Jpeg:
    case OutputFormat::Samples:
      break;
  }
  return {};
}

void attach(const imaging::Metadata& metadata, VipsImage* image) {
  const auto set = [image](const char* name, const std::vector<std::byte>& bytes) {
    if (!bytes.empty()) {
      vips_image_set_blob_copy(image, name, bytes.data(), bytes.size());
    }
  };
  set(VIPS_META_ICC_NAME, metadata.profile);
  set(VIPS_META_EXIF_NAME, metadata.exif);
  set(VIPS_META_XMP_NAME, metadata.xmp);
}

Unexpected<ImageError> refused(std::string reason) {
  return Unexpected(ImageError{ImageFault::Unsupported, std::move(reason)});
}

}  // namespace

imaging::Encoded encode(const EncodeRequest& request) {
  const bool is_avif = request.encoding.format == OutputFormat::Avif;
  if (!start_library() || (is_avif && !has_loader(imaging::FileFormat::Heif))) {
    return refused("libvips here cannot write this format");
  }
  void* bytes = nullptr;
  std::size_t count = 0;
  const ImagePtr image = image_in_memory(request.samples, request.size, request.channels);
  if (image) {
    attach(request.metadata, image.get());
  }
  if (!image || vips_image_write_to_buffer(image.get(), suffix_of(request).c_str(), &bytes, &count,
                                           nullptr) != 0) {
    return refused(take_error());
  }
  const auto* const begin = static_cast<const std::byte*>(bytes);
  std::vector<std::byte> file(begin, begin + count);
  g_free(bytes);
  return file;
}

}  // namespace bulkhead::vips
