#pragma once

#include <optional>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "files/output_names.h"
#include "jobs/desktop_cache.h"
#include "jobs/thumbnails.h"

namespace bulkhead::jobs {

/// How the thumbnails of each of the sizes are named: as the options say, or as the cache does when
/// there is one. `current_folder` is absolute. Errors, in one sentence: those of OutputNames, names
/// that do not tell the sizes apart, a size that the cache does not have.
Expected<std::vector<files::OutputNames>, std::string> thumbnail_names(
    const ThumbnailsOptions& options, const DesktopCache* cache, const std::string& current_folder);

/// The path, without its extension, of the photo that a file is a thumbnail of, when it is called
/// as thumbnails are where no template is given, whatever their size and format; else nothing.
std::optional<std::string> photo_of_default_name(const std::string& path);

}  // namespace bulkhead::jobs
