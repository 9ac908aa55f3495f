#pragma once

#include <map>
#include <vector>

#include "files/mark.h"
#include "imaging/thumbnail.h"

namespace bulkhead::jobs {

/// For each size the mark of a thumbnail of it: a function of all that decides how it looks, the
/// other sizes apart.
std::vector<files::Mark> marks_of(const imaging::ThumbnailOptions& options);

/// The same of every format that may be written.
std::map<imaging::OutputFormat, std::vector<files::Mark>> marks_by_format(
    imaging::ThumbnailOptions options);

}  // namespace bulkhead::jobs
