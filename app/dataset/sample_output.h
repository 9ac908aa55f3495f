#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "dataset/make_sample.h"
#include "dataset/write_log.h"

namespace bulkhead::dataset {

/// What a sample is called in the outputs.
struct SampleName {
  std::string split = {};
  std::string class_folder = {};          ///< empty: there are no classes
  std::optional<std::size_t> label = {};  ///< the number of its class
  std::string key = {};                   ///< no two samples of a data set have the same
  std::string extension = {};             ///< of its file: "jpg"
};

/// Where a sample is, below the folder of the data set.
struct SamplePlace {
  std::string file = {};                  ///< a file of its own
  std::string shard = {};                 ///< an archive; the key says where in it
  std::optional<std::uint64_t> row = {};  ///< of an array
};

/// A file that holds many samples.
struct ShardFile {
  std::string name = {};  ///< below the folder of the data set
  std::uint64_t samples = 0;
};

/// A form of a data set, written as the samples come.
class SampleOutput {
 public:
  SampleOutput() = default;
  SampleOutput(const SampleOutput&) = delete;
  SampleOutput& operator=(const SampleOutput&) = delete;
  virtual ~SampleOutput() = default;

  /// Samples of one split come one after the other. Errors, for people: the sample is not written,
  /// and no other will be.
  virtual Expected<void, std::string> add(const SampleName& name, const Sample& sample,
                                          SamplePlace& place) = 0;
  /// The last call. The files that hold many samples, in the order of their beginnings.
  virtual Expected<std::vector<ShardFile>, std::string> finish() = 0;
};

}  // namespace bulkhead::dataset
