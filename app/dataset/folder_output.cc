#include "dataset/folder_output.h"

#include <utility>

#include "files/publish.h"

namespace bulkhead::dataset {

FolderOutput::FolderOutput(std::string folder, WriteLog* log)
    : folder_(std::move(folder)), log_(log) {}

Expected<void, std::string> FolderOutput::add(const SampleName& name, const Sample& sample,
                                              SamplePlace& place) {
  place.file = name.split + "/";
  if (!name.class_folder.empty()) {
    place.file += name.class_folder + "/";
  }
  place.file += name.key + "." + name.extension;
  const auto published = files::publish(folder_ + "/" + place.file, sample.file);
  if (!published) {
    return Unexpected(place.file + ": cannot write: " + published.error().reason);
  }
  if (log_ != nullptr) {
    log_->add(FileKind::Picture, place.file, {}, sample.file);
  }
  return {};
}

Expected<std::vector<ShardFile>, std::string> FolderOutput::finish() {
  return std::vector<ShardFile>();
}

}  // namespace bulkhead::dataset
