#include "jobs/dataset_records.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "display/exact_bytes.h"
#include "records/csv_text.h"

namespace bulkhead::jobs {
namespace {

using Json = nlohmann::ordered_json;
using dataset::Channels;
using dataset::ChannelSums;
using dataset::Plan;

// Bytes that are no UTF-8 become U+FFFD.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csv_line(std::initializer_list<std::string_view> cells) {
  std::string line;
  for (const std::string_view cell : cells) {
    records::append_csv_cell(line, cell);
    line += ',';
  }
  line.back() = '\n';
  return line;
}

void add_channels(Json& json, const ChannelSums& sums, Channels channels) {
  Json mean = Json::array();
  Json deviation = Json::array();
  for (std::size_t c = 0; c < (channels == Channels::Grey ? 1U : 3U); ++c) {
    mean.push_back(sums.mean(c));
    deviation.push_back(sums.standard_deviation(c));
  }
  json["mean"] = std::move(mean);
  json["std"] = std::move(deviation);
}

// An object with a member that it does not have yet: to look for one takes as long as there are
// many.
void append(Json& object, const std::string& key, Json value) {
  object.get_ref<Json::object_t&>().emplace_back(key, std::move(value));
}

// Those that make all classes of the same weight in a split; of a class without samples, 0.
std::vector<double> weights_of(const SplitStatistics& split) {
  const auto classes =
      split.of_class.size() - static_cast<std::size_t>(std::ranges::count(split.of_class, 0U));
  std::vector<double> weights;
  for (const std::uint64_t count : split.of_class) {
    weights.push_back(
        count == 0 ? 0 : static_cast<double>(split.samples) / static_cast<double>(classes * count));
  }
  return weights;
}

const char* name_of(DatasetForm form) {
  switch (form) {
    case DatasetForm::Folder:
      return "folder";
    case DatasetForm::Webdataset:
      return "webdataset";
    case DatasetForm::Npy:
      return "npy";
  }
  return "";
}

}  // namespace

std::string manifest_header() {
  return "source,label,class,split,group,source_width,source_height,width,height,sha256,key,file,"
         "shard,row,damage,source_hex\n";
}

std::string manifest_line(const ManifestRow& row) {
  const auto& [plan, planned, candidate, sample, place, size] = row;
  const bool has_label = !plan.classes.empty();
  return csv_line({display::as_utf8(candidate.path), has_label ? plan.classes[planned.label] : "",
                   has_label ? std::to_string(planned.label) : "", plan.splits[planned.split],
                   planned.group, std::to_string(candidate.size.width),
                   std::to_string(candidate.size.height), std::to_string(size.width),
                   std::to_string(size.height), dataset::hex(candidate.sha256), planned.key,
                   place.file, place.shard, place.row ? std::to_string(*place.row) : "",
                   sample.damage, display::exact_bytes(candidate.path)});
}

std::string classes_json(const Plan& plan) {
  Json json = Json::object();
  for (std::size_t i = 0; i < plan.classes.size(); ++i) {
    append(json, plan.classes[i], i);
  }
  return text_of(json);
}

std::string statistics_json(const Plan& plan, Channels channels,
                            const std::vector<SplitStatistics>& splits) {
  Json json = Json::object();
  add_channels(json, splits.front().sums, channels);
  Json classes = Json::object();
  const std::vector<double> weights = weights_of(splits.front());
  for (std::size_t i = 0; i < plan.classes.size(); ++i) {
    Json of_class = Json::object();
    for (std::size_t s = 0; s < splits.size(); ++s) {
      of_class[plan.splits[s]] = splits[s].of_class[i];
    }
    of_class["weight"] = weights[i];
    append(classes, plan.classes[i], std::move(of_class));
  }
  json["classes"] = std::move(classes);
  Json of_splits = Json::object();
  for (std::size_t s = 0; s < splits.size(); ++s) {
    Json split = {{"samples", splits[s].samples}, {"pixels", splits[s].sums.pixels}};
    add_channels(split, splits[s].sums, channels);
    of_splits[plan.splits[s]] = std::move(split);
  }
  json["splits"] = std::move(of_splits);
  return text_of(json);
}

std::string description_json(const DatasetOptions& options, const Plan& plan,
                             const records::RecordCounts& counts,
                             const std::vector<SealedShard>& shards) {
  Json forms = Json::array();
  for (const DatasetForm form : options.forms) {
    forms.push_back(name_of(form));
  }
  Json files = Json::array();
  for (const SealedShard& shard : shards) {
    files.push_back(
        {{"name", shard.file.name}, {"samples", shard.file.samples}, {"sha256", shard.sha256}});
  }
  return text_of({{"format", 1},
                  {"seed", options.plan.seed},
                  {"forms", std::move(forms)},
                  {"splits", plan.splits},
                  {"counts",
                   {{"in", counts.in},
                    {"out", counts.out},
                    {"filtered", counts.filtered},
                    {"duplicate", counts.duplicate},
                    {"rejected", counts.rejected}}},
                  {"shards", std::move(files)}});
}

}  // namespace bulkhead::jobs
