#pragma once

#include <CLI/CLI.hpp>

#include "imaging/thumbnail.h"

namespace bulkhead::jobs {

/// Adds what thumbnails show of colours, and keep of what photos say. `thumbnails` has the defaults
/// and must outlive the reading.
void add_colour_options(CLI::App& command, imaging::ThumbnailOptions& thumbnails);

}  // namespace bulkhead::jobs
