#include "dataset/inspect.h"

#include <utility>

#include "files/read_file.h"
#include "imaging/picture_header.h"

namespace bulkhead::dataset {

Inspection inspect(const std::string& path) {
  Inspection found;
  const auto file = files::read_file(path);
  if (!file) {
    found.error = file.error().reason;
    return found;
  }
  if (file->empty()) {
    found.error = "is empty";
    return found;
  }
  found.bytes = file->size();
  found.sha256 = sha256_of(*file);
  auto header = imaging::read_picture_header(*file);
  if (!header) {
    found.error = std::move(header.error().message);
    return found;
  }
  found.size = header->shown();
  found.format = header->format;
  return found;
}

}  // namespace bulkhead::dataset
