#include "jobs/dataset_writer.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "dataset/file_extension.h"
#include "dataset/folder_output.h"
#include "dataset/npy_output.h"
#include "dataset/webdataset_output.h"
#include "jobs/record_outputs.h"

namespace bulkhead::jobs {
namespace {

using dataset::Candidate;
using dataset::Plan;
using dataset::PlannedSample;
using dataset::Sample;
using dataset::SampleOutput;

std::unique_ptr<SampleOutput> make_output(DatasetForm form, const std::string& folder,
                                          const dataset::ShardLimit& limit,
                                          dataset::WriteLog* log) {
  switch (form) {
    case DatasetForm::Folder:
      return std::make_unique<dataset::FolderOutput>(folder, log);
    case DatasetForm::Webdataset:
      return std::make_unique<dataset::WebdatasetOutput>(folder, limit, log);
    case DatasetForm::Npy:
      return std::make_unique<dataset::NpyOutput>(folder, log);
  }
  return nullptr;
}

}  // namespace

Expected<DatasetWriter, std::string> DatasetWriter::create(const DatasetOptions& options,
                                                           const Plan& plan,
                                                           const std::vector<Candidate>& found,
                                                           std::string folder) {
  auto manifest = files::PendingFile::create(folder + "/manifest.csv");
  if (!manifest) {
    return Unexpected("manifest.csv: cannot write: " + manifest.error().reason);
  }
  return DatasetWriter(options, plan, found, std::move(folder), *std::move(manifest));
}

DatasetWriter::DatasetWriter(const DatasetOptions& options, const Plan& plan,
                             const std::vector<Candidate>& found, std::string folder,
                             files::PendingFile manifest)
    : options_(options),
      plan_(plan),
      candidates_(found),
      folder_(std::move(folder)),
      manifest_(std::move(manifest)),
      log_(options.verifies ? std::make_unique<dataset::WriteLog>() : nullptr),
      statistics_(plan.splits.size()) {
  manifest_.write(manifest_header());
  for (const DatasetForm form : options.forms) {
    outputs_.push_back(make_output(form, folder_, options.shard, log_.get()));
  }
  for (SplitStatistics& split : statistics_) {
    split.of_class.resize(plan.classes.size());
  }
}

dataset::SampleName DatasetWriter::name_of(const PlannedSample& planned) const {
  dataset::SampleName name{.split = plan_.splits[planned.split], .key = planned.key};
  if (!plan_.classes.empty()) {
    name.class_folder = plan_.class_folders[planned.label];
    name.label = planned.label;
  }
  const Candidate& candidate = candidates_[planned.candidate];
  name.extension = options_.extension.empty()
                       ? dataset::file_extension(candidate.format, candidate.file_name())
                       : options_.extension;
  return name;
}

Expected<void, std::string> DatasetWriter::add(const PlannedSample& planned, const Sample& sample) {
  const dataset::SampleName name = name_of(planned);
  dataset::SamplePlace place;
  for (const auto& output : outputs_) {
    if (auto added = output->add(name, sample, place); !added) {
      return added;
    }
  }
  SplitStatistics& statistics = statistics_[planned.split];
  statistics.sums += sample.sums;
  ++statistics.samples;
  if (!plan_.classes.empty()) {
    ++statistics.of_class[planned.label];
  }
  const Candidate& candidate = candidates_[planned.candidate];
  const bool is_copy = options_.samples.keeps_original && !options_.samples.wants_values;
  manifest_.write(manifest_line(
      {plan_, planned, candidate, sample, place, is_copy ? candidate.size : sample.size}));
  return {};
}

// Readers of class folders number the classes by the folders that there are: in each split all.
Expected<void, std::string> DatasetWriter::make_class_folders() const {
  const bool has_folders =
      std::ranges::find(options_.forms, DatasetForm::Folder) != options_.forms.end();
  for (std::size_t s = 0; has_folders && s < plan_.splits.size(); ++s) {
    for (const std::string& of_class : plan_.class_folders) {
      const std::string name = plan_.splits[s] + "/" + of_class;
      std::error_code error;
      if (statistics_[s].samples != 0) {
        std::filesystem::create_directories(folder_ + "/" + name, error);
      }
      if (error) {
        return Unexpected(name + ": cannot be made: " + files::reason_of(error.value()));
      }
    }
  }
  return {};
}

Expected<void, std::string> DatasetWriter::finish(const records::RecordCounts& counts,
                                                  const std::function<bool()>& is_to_stop) {
  std::vector<SealedShard> shards;
  for (const auto& output : outputs_) {
    auto files = output->finish();
    if (!files) {
      return Unexpected(std::move(files.error()));
    }
    for (dataset::ShardFile& file : *files) {
      if (is_to_stop()) {
        return Unexpected(std::string("interrupted"));
      }
      const auto sealed = dataset::sha256_of_file(folder_ + "/" + file.name);
      if (!sealed) {
        return Unexpected(file.name + ": cannot read: " + sealed.error());
      }
      shards.push_back({std::move(file), dataset::hex(*sealed)});
    }
  }
  if (auto made = make_class_folders(); !made) {
    return made;
  }
  if (const auto published = manifest_.publish(); !published) {
    return Unexpected("manifest.csv: cannot write: " + published.error().reason);
  }
  const std::pair<const char*, std::string> texts[] = {
      {"classes.json", classes_json(plan_)},
      {"stats.json", statistics_json(plan_, options_.samples.channels, statistics_)},
      {"dataset.json", description_json(options_, plan_, counts, shards)}};
  for (const auto& [name, text] : texts) {
    if (auto written = write_text(folder_ + "/" + name, text); !written) {
      return written;
    }
  }
  return {};
}

}  // namespace bulkhead::jobs
