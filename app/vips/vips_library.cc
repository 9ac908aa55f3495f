#include "vips/vips_library.h"

#include <gmodule.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include <vips/vips.h>

namespace bulkhead::vips {

namespace {

// The base classes of the loaders we use; those of the others stay blocked. They are what libvips
// itself takes for safe with untrusted files, and PNM.
constexpr std::array kAllowed = {"VipsForeignLoadPng",  "VipsForeignLoadNsgif",
                                 "VipsForeignLoadWebp", "VipsForeignLoadTiff",
                                 "VipsForeignLoadHeif", "VipsForeignLoadPpm"};

void keep_quiet(const char*, GLogLevelFlags, const char*, void*) {}

bool start() {
  // libvips loads all its plug-ins at the start: PDF, ImageMagick, whole slides. That takes twenty
  // times as long as the rest, so they are hidden, and the one in use is loaded when it is needed.
  ::setenv("VIPSHOME", "/nonexistent", 1);
  // A picture that cannot be read row by row is kept in memory: workers may write no file.
  ::setenv("VIPS_DISC_THRESHOLD", "1000g", 1);
  g_log_set_handler("VIPS", static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK), keep_quiet, nullptr);
  if (vips_init("bulkhead") != 0) {
    return false;
  }
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* loader : kAllowed) {
    vips_operation_block_set(loader, FALSE);
  }
  return true;
}

bool load_heif_plugin() {
  GModule* const plugin = g_module_open(BULKHEAD_VIPS_MODULES "/vips-heif.so", G_MODULE_BIND_LAZY);
  if (plugin != nullptr) {
    g_module_make_resident(plugin);  // It registers types, which stay for ever.
    vips_operation_block_set("VipsForeignLoadHeif", FALSE);
  }
  return vips_type_find("VipsForeignLoad", "heifload_source") != 0;
}

}  // namespace

bool start_library() {
  static const bool has_started = start();
  return has_started;
}

bool has_loader(imaging::FileFormat format) {
  if (format != imaging::FileFormat::Heif) {
    return true;
  }
  static const bool has_heif = load_heif_plugin();
  return has_heif;
}

ImagePtr image_in_memory(std::span<const std::byte> samples, imaging::Extent size, int channels) {
  const ImagePtr plain(vips_image_new_from_memory(samples.data(), samples.size(), size.width,
                                                  size.height, channels, VIPS_FORMAT_UCHAR));
  VipsImage* image = nullptr;
  const auto meaning = channels < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  if (!plain || vips_copy(plain.get(), &image, "interpretation", meaning, nullptr) != 0) {
    return nullptr;
  }
  return ImagePtr(image);
}

std::string take_error() {
  // Each layer adds a line "who: what"; the last is that of whoever saw it first hand. libheif adds
  // a line of its own that begins with a space: its number of the error.
  std::string_view text = vips_error_buffer();
  text = text.substr(0, text.find("\n "));
  text = text.substr(0, text.find_last_not_of('\n') + 1);
  text.remove_prefix(text.rfind('\n') + 1);
  const std::size_t colon = text.find(": ");
  text.remove_prefix(colon == std::string_view::npos ? 0 : colon + 2);
  std::string reason(text.empty() ? "libvips cannot read it" : text);
  vips_error_clear();
  return reason;
}

}  // namespace bulkhead::vips
