#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/sample_output.h"
#include "dataset/tar_writer.h"

namespace bulkhead::dataset {

/// How large shards may become.
struct ShardLimit {
  std::uint64_t bytes = std::uint64_t{256} << 20U;  ///< 0: any size
  std::uint64_t samples = 0;                        ///< 0: any number

  friend bool operator==(const ShardLimit&, const ShardLimit&) = default;
};

/// Reads a number of samples, or one of bytes with K, M or G behind it (of 1024). Errors, for
/// people: anything else, and 0.
Expected<ShardLimit, std::string> parse_shard_limit(std::string_view text);

/// Archives as WebDataset reads them: SPLIT-000000.tar with KEY.EXTENSION and, where there are
/// classes, KEY.cls, which holds the number of the class in digits. A shard has at least one
/// sample, and no sample is in two.
class WebdatasetOutput : public SampleOutput {
 public:
  /// Below `folder`, which exists; what is written is told the log, which may be null.
  WebdatasetOutput(std::string folder, const ShardLimit& limit, WriteLog* log);

  Expected<void, std::string> add(const SampleName& name, const Sample& sample,
                                  SamplePlace& place) override;
  Expected<std::vector<ShardFile>, std::string> finish() override;

 private:
  bool is_full_for(const Sample& sample) const;
  Expected<void, std::string> write(const std::string& name, std::span<const std::byte> content);
  Expected<void, std::string> open(const std::string& split);
  Expected<void, std::string> close();

  std::string folder_;
  ShardLimit limit_;
  WriteLog* log_;
  std::string split_;
  std::size_t number_ = 0;  // of the next shard of the split
  std::optional<TarWriter> shard_;
  std::vector<ShardFile> shards_;
};

}  // namespace bulkhead::dataset
