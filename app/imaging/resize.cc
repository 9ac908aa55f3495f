#include "imaging/resize.h"

#include <zimg.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "imaging/area_resize.h"

namespace bulkhead::imaging {

namespace {

constexpr double kLanczosLobes = 3;
constexpr double kCatmullRomB = 0;
constexpr double kCatmullRomC = 0.5;

// A colour photo takes two graphs (luma, chroma). Building one takes ten times as long as running
// it, so the sizes of a mixed collection should fit: 200 photos from the web have about 100.
constexpr std::size_t kMaxGraphs = 256;

struct Geometry {
  Extent source;
  Region region;
  Extent result;
  std::size_t sample_bytes;
  Filter filter;

  friend bool operator==(const Geometry&, const Geometry&) = default;
};

struct FreeGraph {
  void operator()(zimg_filter_graph* graph) const { zimg_filter_graph_free(graph); }
};

using Graph = std::unique_ptr<zimg_filter_graph, FreeGraph>;

struct FreeScratch {
  void operator()(void* scratch) const { std::free(scratch); }
};

ImageError zimg_error() {
  std::array<char, 256> text{};
  const auto code = zimg_get_last_error(text.data(), text.size());
  zimg_clear_last_error();
  if (code == ZIMG_ERROR_OUT_OF_MEMORY) {
    return {ImageFault::OutOfMemory, "out of memory"};
  }
  return {ImageFault::Unsupported, std::string("cannot resize: ") + text.data()};
}

zimg_image_format grey_format(Extent extent, std::size_t sample_bytes) {
  zimg_image_format format{};
  zimg_image_format_default(&format, ZIMG_API_VERSION);
  format.width = static_cast<unsigned>(extent.width);
  format.height = static_cast<unsigned>(extent.height);
  format.pixel_type = sample_bytes == 1 ? ZIMG_PIXEL_BYTE : ZIMG_PIXEL_WORD;
  format.depth = static_cast<unsigned>(8 * sample_bytes);
  format.color_family = ZIMG_COLOR_GREY;
  format.pixel_range = ZIMG_RANGE_FULL;
  return format;
}

Graph build_graph(const Geometry& geometry) {
  zimg_image_format source = grey_format(geometry.source, geometry.sample_bytes);
  source.active_region.left = geometry.region.left;
  source.active_region.top = geometry.region.top;
  source.active_region.width = geometry.region.width;
  source.active_region.height = geometry.region.height;
  const zimg_image_format result = grey_format(geometry.result, geometry.sample_bytes);
  zimg_graph_builder_params params{};
  zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
  if (geometry.filter == Filter::Bicubic) {
    params.resample_filter = ZIMG_RESIZE_BICUBIC;
    params.filter_param_a = kCatmullRomB;
    params.filter_param_b = kCatmullRomC;
  } else if (geometry.filter == Filter::Bilinear) {
    params.resample_filter = ZIMG_RESIZE_BILINEAR;
  } else {
    params.resample_filter = ZIMG_RESIZE_LANCZOS;
    params.filter_param_a = kLanczosLobes;
  }
  return Graph(zimg_filter_graph_build(&source, &result, &params));
}

double lobes_of(Filter filter) {
  switch (filter) {
    case Filter::Lanczos3:
      return kLanczosLobes;
    case Filter::Bicubic:
      return 2;
    case Filter::Bilinear:
    case Filter::Area:
      break;
  }
  return 1;
}

/// What is put around a source of `side` samples: half of what the filter reaches beyond its ends,
/// since zimg mirrors, and half of that is the margin itself.
int margin_for(Filter filter, double samples_per_result, int side) {
  const double reach = lobes_of(filter) * std::max(1.0, samples_per_result);
  return std::min(static_cast<int>(std::ceil(std::min(reach / 2, double(side)))) + 1, side);
}

/// The source with its outermost samples going on around it. zimg by itself would mirror what lies
/// within: a line along the border would weigh on the wrong side of it, too.
template <class Sample>
BasicPlane<Sample> with_margin(const BasicPlane<Sample>& source, Extent margin) {
  BasicPlane<Sample> wide(
      Extent{source.width() + 2 * margin.width, source.height() + 2 * margin.height});
  for (int y = 0; y < wide.height(); ++y) {
    const Sample* const row = source.row(std::clamp(y - margin.height, 0, source.height() - 1));
    Sample* const out = wide.row(y);
    std::fill_n(out, margin.width, row[0]);
    std::copy_n(row, source.width(), out + margin.width);
    std::fill_n(out + margin.width + source.width(), margin.width, row[source.width() - 1]);
  }
  return wide;
}

/// The graphs last used, the latest first.
class GraphCache {
 public:
  /// Null when zimg refuses the geometry.
  const zimg_filter_graph* find(const Geometry& geometry) {
    auto entry = std::find_if(entries_.begin(), entries_.end(),
                              [&](const Entry& e) { return e.geometry == geometry; });
    if (entry == entries_.end()) {
      Graph graph = build_graph(geometry);
      if (!graph) {
        return nullptr;
      }
      if (entries_.size() == kMaxGraphs) {
        entries_.pop_back();
      }
      entries_.push_back({geometry, std::move(graph)});
      entry = entries_.end() - 1;
    }
    std::rotate(entries_.begin(), entry, entry + 1);
    return entries_.front().graph.get();
  }

 private:
  struct Entry {
    Geometry geometry;
    Graph graph;
  };

  std::vector<Entry> entries_;
};

std::unique_ptr<void, FreeScratch> allocate_scratch(const zimg_filter_graph* graph) {
  constexpr std::size_t kAlignment = 64;
  std::size_t bytes = 0;
  zimg_filter_graph_get_tmp_size(graph, &bytes);
  const std::size_t rounded =
      std::max(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
  return std::unique_ptr<void, FreeScratch>(std::aligned_alloc(kAlignment, rounded));
}

template <class Sample>
Expected<BasicPlane<Sample>, ImageError> resize_one_by_one(const BasicPlane<Sample>& source,
                                                           const Region& region, Extent extent,
                                                           Filter filter) {
  const auto height = static_cast<double>(source.height());
  const auto rows = resize(source, Region{region.left, 0, region.width, height},
                           Extent{extent.width, source.height()}, filter);
  if (!rows) {
    return rows;
  }
  const auto width = static_cast<double>(extent.width);
  return resize(*rows, Region{0, region.top, width, region.height}, extent, filter);
}

}  // namespace

template <class Sample>
Expected<BasicPlane<Sample>, ImageError> resize(const BasicPlane<Sample>& source,
                                                const Region& region, Extent extent, Filter filter,
                                                Axes axes) {
  if (filter == Filter::Area) {
    return resize_by_area(source, region, extent);
  }
  if (axes == Axes::OneByOne) {
    return resize_one_by_one(source, region, extent, filter);
  }
  const Extent margin{margin_for(filter, region.width / extent.width, source.width()),
                      margin_for(filter, region.height / extent.height, source.height())};
  const BasicPlane<Sample> wide = with_margin(source, margin);
  const Region within{region.left + margin.width, region.top + margin.height, region.width,
                      region.height};
  thread_local GraphCache graphs;
  constexpr auto kSampleBytes = static_cast<std::ptrdiff_t>(sizeof(Sample));
  const auto* graph = graphs.find({wide.extent(), within, extent, sizeof(Sample), filter});
  if (graph == nullptr) {
    return Unexpected(zimg_error());
  }
  const auto scratch = allocate_scratch(graph);
  if (!scratch) {
    return Unexpected(ImageError{ImageFault::OutOfMemory, "out of memory"});
  }
  BasicPlane<Sample> result(extent);
  zimg_image_buffer_const in{};
  in.version = ZIMG_API_VERSION;
  in.plane[0] = {wide.row(0), wide.stride() * kSampleBytes, ZIMG_BUFFER_MAX};
  zimg_image_buffer out{};
  out.version = ZIMG_API_VERSION;
  out.plane[0] = {result.row(0), result.stride() * kSampleBytes, ZIMG_BUFFER_MAX};
  if (zimg_filter_graph_process(graph, &in, &out, scratch.get(), nullptr, nullptr, nullptr,
                                nullptr) != ZIMG_ERROR_SUCCESS) {
    return Unexpected(zimg_error());
  }
  return result;
}

template Expected<Plane, ImageError> resize(const Plane&, const Region&, Extent, Filter, Axes);
template Expected<WidePlane, ImageError> resize(const WidePlane&, const Region&, Extent, Filter,
                                                Axes);

}  // namespace bulkhead::imaging
