#include "imaging/vips_module.h"

#include <dlfcn.h>

#include <string>
#include <utility>

namespace bulkhead::imaging {

namespace {

struct Module {
  decltype(&bulkhead_open_raster) open = nullptr;
  decltype(&bulkhead_encode) encode = nullptr;
  decltype(&bulkhead_crop) crop = nullptr;
  std::string problem = {};
};

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
}

Module load_module() {
  // Never closed: libvips cannot be started twice. No slash, so that the run path is searched.
  void* const library = ::dlopen("bulkhead_vips.so", RTLD_NOW | RTLD_LOCAL);
  Module module;
  if (library != nullptr) {
    find(library, "bulkhead_open_raster", module.open);
    find(library, "bulkhead_encode", module.encode);
    find(library, "bulkhead_crop", module.crop);
  }
  if (module.open == nullptr || module.encode == nullptr || module.crop == nullptr) {
    module.problem = std::string("not possible without the module for libvips: ") + ::dlerror();
  }
  return module;
}

/// The module, or why there is none.
Expected<const Module*, ImageError> loaded_module() {
  static const Module module = load_module();
  if (!module.problem.empty()) {
    return Unexpected(ImageError{ImageFault::Unsupported, module.problem});
  }
  return &module;
}

}  // namespace

OpenedRaster open_with_vips(const RasterRequest& request) {
  const auto module = loaded_module();
  if (!module) {
    return Unexpected(module.error());
  }
  OpenedRaster opened{std::unique_ptr<RasterSource>()};
  (*module)->open(&request, &opened);
  return opened;
}

Encoded encode_with_vips(const EncodeRequest& request) {
  const auto module = loaded_module();
  if (!module) {
    return Unexpected(module.error());
  }
  Encoded encoded{std::vector<std::byte>()};
  (*module)->encode(&request, &encoded);
  return encoded;
}

Cropped crop_with_vips(const CropRequest& request) {
  const auto module = loaded_module();
  if (!module) {
    return Unexpected(module.error());
  }
  Cropped cropped{Extent{}};
  (*module)->crop(&request, &cropped);
  return cropped;
}

}  // namespace bulkhead::imaging
