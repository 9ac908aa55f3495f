#include "dataset/write_log.h"

namespace bulkhead::dataset {

void WriteLog::add(FileKind kind, const std::string& file, std::string_view piece,
                   std::span<const std::byte> content) {
  const auto [entry, is_new] = place_of_.try_emplace(file, files_.size());
  if (is_new) {
    files_.push_back({file, kind, {}});
  }
  files_[entry->second].pieces.push_back({std::string(piece), sha256_of(content)});
}

}  // namespace bulkhead::dataset
