#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/channel_sums.h"
#include "dataset/plan.h"
#include "dataset/sample_output.h"
#include "jobs/dataset.h"
#include "records/rejection.h"

namespace bulkhead::jobs {

/// What the samples of one split came to.
struct SplitStatistics {
  dataset::ChannelSums sums = {};
  std::uint64_t samples = 0;
  std::vector<std::uint64_t> of_class = {};  ///< samples of each class
};

/// A file that holds many samples, and its SHA-256 in hexadecimal digits.
struct SealedShard {
  dataset::ShardFile file = {};
  std::string sha256 = {};
};

/// The first line of manifest.csv, with its end.
std::string manifest_header();

/// All that manifest.csv says of one sample.
struct ManifestRow {
  const dataset::Plan& plan;
  const dataset::PlannedSample& planned;
  const dataset::Candidate& candidate;
  const dataset::Sample& sample;
  const dataset::SamplePlace& place;
  imaging::Extent size;  ///< of what is written
};
/// Its line, with its end.
std::string manifest_line(const ManifestRow& row);

/// classes.json: the number of each class.
std::string classes_json(const dataset::Plan& plan);

/// stats.json: counts, class weights, mean and standard deviation of the channels.
std::string statistics_json(const dataset::Plan& plan, dataset::Channels channels,
                            const std::vector<SplitStatistics>& splits);

/// dataset.json: what was asked for, what came of it, and the files that hold many samples.
std::string description_json(const DatasetOptions& options, const dataset::Plan& plan,
                             const records::RecordCounts& counts,
                             const std::vector<SealedShard>& shards);

}  // namespace bulkhead::jobs
