#include "display/record_file.h"

#include <utility>

namespace bulkhead::display {

std::optional<RecordFile> RecordFile::create(const std::string& path) {
  Stream stream(std::fopen(path.c_str(), "we"));
  return stream ? std::optional(RecordFile(std::move(stream))) : std::nullopt;
}

void RecordFile::write(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stream_.get());
  std::fputc('\n', stream_.get());
}

bool RecordFile::finish() {
  const bool is_whole = std::ferror(stream_.get()) == 0;
  return std::fclose(stream_.release()) == 0 && is_whole;
}

}  // namespace bulkhead::display
