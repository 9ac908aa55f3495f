#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "files/nameless_file.h"
#include "jobs/record_inputs.h"
#include "records/portions.h"
#include "records/reply_parts.h"

namespace bulkhead::jobs {

/// The files that tasks put down parts of their replies in (records/reply_parts.h), one for each
/// batch that is on its way and may have a large reply.
class PartFiles {
 public:
  explicit PartFiles(const RecordInputs& inputs) : inputs_(inputs) {}

  /// Where the task of a batch puts down parts. Empty: the reply holds all, as the batch is small,
  /// or as there is no room for temporary files.
  std::string path_for(const records::Batch& batch);

  /// The batch is done: gives its parts to take(Part&), in their order. Returns why that ended
  /// before the last one; empty: it did not.
  template <class Part, class Take>
  std::string take_all(const records::Batch& batch, Take take) {
    const auto file = files_.extract(key_of(batch));
    if (!file) {
      return "";
    }
    records::PartReader reader(file.mapped().path());
    while (auto part = reader.template next<Part>()) {
      take(*part);
    }
    return reader.problem();
  }

  /// The batch is given up.
  void drop(const records::Batch& batch) { files_.erase(key_of(batch)); }

 private:
  using Key = std::pair<std::uint32_t, std::uint64_t>;  // file and begin of the first portion

  static Key key_of(const records::Batch& batch) {
    return {batch.front().file, batch.front().begin};
  }
  bool may_be_large(const records::Portion& portion) const;

  const RecordInputs& inputs_;
  std::map<Key, files::NamelessFile> files_;
};

}  // namespace bulkhead::jobs
