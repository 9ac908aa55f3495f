#include "jobs/part_files.h"

#include <algorithm>

namespace bulkhead::jobs {

std::string PartFiles::path_for(const records::Batch& batch) {
  if (std::ranges::none_of(batch, [this](const auto& portion) { return may_be_large(portion); })) {
    return "";
  }
  auto known = files_.find(key_of(batch));
  if (known == files_.end()) {
    auto created = files::NamelessFile::create();
    if (!created) {
      return "";
    }
    known = files_.emplace(key_of(batch), *std::move(created)).first;
  }
  return known->second.path();
}

// A file in one piece: packed, so that nobody knows how much is in it, or a large document.
bool PartFiles::may_be_large(const records::Portion& portion) const {
  const records::FoundFile& file = inputs_.files[portion.file];
  return !portion.can_be_cut && (!file.can_be_cut || file.bytes > records::kPartBytes);
}

}  // namespace bulkhead::jobs
