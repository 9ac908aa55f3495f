#pragma once

#include <string>
#include <vector>

#include "dataset/sample_output.h"

namespace bulkhead::dataset {

/// A file for each sample: SPLIT/CLASS/KEY.EXTENSION.
class FolderOutput : public SampleOutput {
 public:
  /// Below `folder`; what is written is told the log, which may be null.
  FolderOutput(std::string folder, WriteLog* log);

  Expected<void, std::string> add(const SampleName& name, const Sample& sample,
                                  SamplePlace& place) override;
  Expected<std::vector<ShardFile>, std::string> finish() override;

 private:
  std::string folder_;
  WriteLog* log_;
};

}  // namespace bulkhead::dataset
