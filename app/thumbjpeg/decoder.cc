#include "thumbjpeg/draw_blocks.h"
#include "thumbjpeg/progressive.h"
#include "thumbjpeg/scans.h"
#include "thumbjpeg/section_decoder.h"
#include "thumbjpeg/thumbjpeg.h"

namespace thumbjpeg {

namespace {

int divided_up(int value, int divisor) {
  return (value + divisor - 1) / divisor;
}

PlaneLayout layout_of(const Frame& frame, const Component& component, int eighths) {
  const int width = frame.width * component.horizontal * eighths;
  const int height = frame.height * component.vertical * eighths;
  const int wide_divisor = frame.max_horizontal * kBlockSide;
  const int high_divisor = frame.max_vertical * kBlockSide;
  return {.width = divided_up(width, wide_divisor),
          .height = divided_up(height, high_divisor),
          .capacity_width = frame.mcus_wide * component.horizontal * eighths,
          .capacity_height = frame.mcus_high * component.vertical * eighths,
          .exact_width = double(width) / wide_divisor,
          .exact_height = double(height) / high_divisor};
}

}  // namespace

struct Decoder::State {
  /// Draws rows into planes, which must outlive the sink.
  RowSink draw_into(std::span<const PlaneMemory> planes) const;
  bool decode_progressive(std::span<const PlaneMemory> planes);
  std::size_t header_bytes() const { return opened_bytes - reader->rest().size(); }

  std::optional<MarkerReader> reader;
  std::size_t opened_bytes = 0;
  int eighths = 1;
  Workspace workspace;
};

RowSink Decoder::State::draw_into(std::span<const PlaneMemory> planes) const {
  return [this, planes](const ScanPlan& plan, int mcu_row, const CoefficientRow& row) {
    for (std::size_t c = 0; c < plan.components.size(); ++c) {
      const PlannedComponent& part = plan.components[c];
      const auto index = static_cast<std::size_t>(part.index);
      const Component& component = reader->frame().components[index];
      const BlockPainter painter(reader->quantizer(component.quantizer), eighths);
      const PlaneMemory& plane = planes[index];
      for (int v = 0; v < part.vertical; ++v) {
        const std::ptrdiff_t y = (std::ptrdiff_t{mcu_row} * part.vertical + v) * eighths;
        painter.draw(row.lines(c, v), row.stride(),
                     static_cast<std::size_t>(plan.mcus_wide * part.horizontal),
                     plane.samples + y * plane.stride, plane.stride);
      }
    }
  };
}

bool Decoder::State::decode_progressive(std::span<const PlaneMemory> planes) {
  ProgressiveDecoder decoder(*reader, workspace, eighths);
  if (!decoder.decode()) {
    return false;
  }
  for (std::size_t c = 0; c < planes.size(); ++c) {
    const CoefficientPlane& plane = decoder.plane(c);
    const BlockPainter painter(plane.quantizer, eighths);
    for (std::size_t y = 0; y < plane.blocks_high; ++y) {
      const auto row = static_cast<std::ptrdiff_t>(y) * eighths;
      painter.draw(plane.lines(y), plane.stride, plane.blocks_wide,
                   planes[c].samples + row * planes[c].stride, planes[c].stride);
    }
  }
  return true;
}

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

std::optional<std::vector<PlaneLayout>> Decoder::open(std::span<const std::uint8_t> file,
                                                      int eighths) {
  MarkerReader& reader = state_->reader.emplace(file);
  state_->opened_bytes = file.size();
  state_->eighths = eighths;
  if (reader.next() != MarkerReader::Stop::Scan) {
    return std::nullopt;
  }
  std::vector<PlaneLayout> layouts;
  for (const Component& component : reader.frame().components) {
    layouts.push_back(layout_of(reader.frame(), component, eighths));
  }
  return layouts;
}

bool Decoder::decode(std::span<const PlaneMemory> planes) {
  State& state = *state_;
  return state.reader->frame().is_progressive
             ? state.decode_progressive(planes)
             : decode_sequential(*state.reader, state.workspace, state.eighths,
                                 state.draw_into(planes));
}

std::optional<ByteRange> Decoder::range_of(SectionNumber number, std::size_t file_bytes) {
  if (!plan_only_scan(*state_->reader, state_->workspace.tables) ||
      file_bytes < state_->header_bytes()) {
    return std::nullopt;
  }
  return range_of_section(number, state_->header_bytes(), file_bytes);
}

std::optional<Section> Decoder::decode_section(SectionNumber number, std::size_t file_bytes,
                                               std::span<const std::uint8_t> range) {
  const auto wanted = range_of(number, file_bytes);
  const auto plan = plan_only_scan(*state_->reader, state_->workspace.tables);
  if (!wanted || range.size() != wanted->end - wanted->begin) {
    return std::nullopt;
  }
  const SectionBytes bytes = bytes_of_section(number, state_->header_bytes(), file_bytes, range);
  return thumbjpeg::decode_section(*plan, bytes, state_->eighths, state_->workspace.data);
}

bool Decoder::join(std::span<const Section> sections, std::span<const PlaneMemory> planes) {
  const auto plan = plan_only_scan(*state_->reader, state_->workspace.tables);
  return plan && join_sections(*plan, sections, state_->eighths, state_->draw_into(planes));
}

}  // namespace thumbjpeg
