#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/sample_output.h"
#include "files/pending_file.h"

namespace bulkhead::dataset {

/// The header of an array in NumPy's format, version 1.0 (numpy.lib.format): 128 bytes, whatever
/// the shape. `kind` is as NumPy writes it: "|u1", "<i8".
std::string npy_header(std::string_view kind, const std::vector<std::uint64_t>& shape);

/// Two arrays for each split: SPLIT_images.npy, samples × height × width × channels of 8 bits, and
/// where there are classes SPLIT_labels.npy, their numbers as 64 bits. All samples are of one size.
class NpyOutput : public SampleOutput {
 public:
  /// Below `folder`, which exists; what is written is told the log, which may be null.
  NpyOutput(std::string folder, WriteLog* log);

  Expected<void, std::string> add(const SampleName& name, const Sample& sample,
                                  SamplePlace& place) override;
  Expected<std::vector<ShardFile>, std::string> finish() override;

 private:
  Expected<void, std::string> open(const std::string& split, const Sample& sample);
  Expected<void, std::string> close();
  Expected<void, std::string> write_labels();

  std::string folder_;
  WriteLog* log_;
  std::string split_;
  std::vector<std::uint64_t> shape_;  // of a sample
  std::optional<files::PendingFile> images_;
  std::vector<std::int64_t> labels_;
  std::vector<ShardFile> files_;
};

}  // namespace bulkhead::dataset
