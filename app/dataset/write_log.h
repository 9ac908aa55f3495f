#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dataset/sha256.h"

namespace bulkhead::dataset {

/// What a file of a data set is.
enum class FileKind : std::uint8_t {
  Picture,  ///< one sample
  Archive,  ///< ustar
  Array,    ///< NumPy's format: its rows are the pieces
};

/// A part of a file that can be found again.
struct Piece {
  std::string name = {};  ///< of the member of an archive
  Sha256 sha256 = {};

  friend bool operator==(const Piece&, const Piece&) = default;
};

/// A file, and what was written into it.
struct WrittenFile {
  std::string name = {};  ///< below the folder of the data set
  FileKind kind = FileKind::Picture;
  std::vector<Piece> pieces = {};
};

/// Remembers what was written, so that it can be compared with what can be read.
class WriteLog {
 public:
  /// `piece` goes behind what `file` has already.
  void add(FileKind kind, const std::string& file, std::string_view piece,
           std::span<const std::byte> content);

  const std::vector<WrittenFile>& files() const { return files_; }

 private:
  std::vector<WrittenFile> files_;
  std::unordered_map<std::string, std::size_t> place_of_;  // of each file, among them
};

}  // namespace bulkhead::dataset
