#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulkhead::display {

/// A file of lines that is written while a job runs. One thread only.
class RecordFile {
 public:
  /// Creates it, in place of one that is there; nothing when that is not possible, errno says why.
  static std::optional<RecordFile> create(const std::string& path);

  /// Adds a line.
  void write(std::string_view line);

  /// Whether all lines are in the file; call it last.
  bool finish();

 private:
  struct CloseStream {
    void operator()(std::FILE* stream) const { static_cast<void>(std::fclose(stream)); }
  };
  using Stream = std::unique_ptr<std::FILE, CloseStream>;

  explicit RecordFile(Stream stream) : stream_(std::move(stream)) {}

  Stream stream_;
};

}  // namespace bulkhead::display
