#include "imaging/vips_module.h"

#include <dlfcn.h>

#include <utility>

namespace bulkhead::imaging {

namespace {

using OpenRaster = decltype(&bulkhead_open_raster);

struct Module {
  OpenRaster open = nullptr;
  std::string problem;
};

Module load_module() {
  // Never closed: libvips cannot be started twice. No slash, so that the run path is searched.
  void* const module = ::dlopen("bulkhead_vips.so", RTLD_NOW | RTLD_LOCAL);
  void* const open = module != nullptr ? ::dlsym(module, "bulkhead_open_raster") : nullptr;
  if (open == nullptr) {
    return {nullptr, std::string("cannot be read without the module for libvips: ") + ::dlerror()};
  }
  return {reinterpret_cast<OpenRaster>(open), {}};
}

}  // namespace

OpenedRaster open_with_vips(const RasterRequest& request) {
  static const Module module = load_module();
  OpenedRaster opened{Unexpected(ImageError{ImageFault::Unsupported, module.problem})};
  if (module.open != nullptr) {
    module.open(&request, &opened);
  }
  return opened;
}

}  // namespace bulkhead::imaging
