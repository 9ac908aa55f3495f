#pragma once

#include <string>
#include <string_view>

#include "dataset/sha256.h"
#include "imaging/extent.h"
#include "imaging/file_format.h"

namespace bulkhead::dataset {

/// A picture that may become a sample.
struct Candidate {
  std::string path = {};    ///< to open and to print
  std::string folder = {};  ///< below its SRC: "train/dress"; empty: it lies in SRC itself
  Sha256 sha256 = {};       ///< of its file
  imaging::Extent size = {};
  imaging::FileFormat format = imaging::FileFormat::Jpeg;

  std::string_view file_name() const { return std::string_view(path).substr(path.rfind('/') + 1); }
  /// Its path below SRC.
  std::string name() const {
    return folder.empty() ? std::string(file_name()) : folder + "/" + std::string(file_name());
  }
};

/// A path cut behind its first folder.
struct CutPath {
  std::string_view first;
  std::string_view rest;
};

inline CutPath cut_path(std::string_view path) {
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? CutPath{path, {}}
                                         : CutPath{path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace bulkhead::dataset
