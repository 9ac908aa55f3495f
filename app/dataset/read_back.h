#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/make_sample.h"
#include "dataset/write_log.h"

namespace bulkhead::dataset {

/// A file that is to be read back.
struct ReadBackTask {
  std::string path = {};
  FileKind kind = FileKind::Picture;
};

/// What is in it.
struct ReadBack {
  std::string error = {};  ///< empty: the file is what its kind says, and all pictures in it are
  std::vector<Piece> pieces = {};
};

/// Reads a file of a data set as its readers would, and decodes the pictures in it; those that
/// break off are errors, unless such pictures are kept. Runs in a worker. Errors are in the reply.
ReadBack read_back(const BrokenPictures& broken, const ReadBackTask& task);

}  // namespace bulkhead::dataset
