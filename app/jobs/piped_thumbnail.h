#pragma once

#include <string>

#include <bulkhead/expected.h>

#include "jobs/thumbnails.h"

namespace bulkhead::jobs {

/// Whether the options ask for one picture from the standard input ("-" as a path), or to the
/// standard output ("-" as the output's name).
bool is_piped(const ThumbnailsOptions& options);

/// Makes the thumbnail of that picture; what is not said otherwise goes to the standard output.
/// Gives the status of the program. The error is a line for the user: options that do not go with
/// it, an input that cannot be read.
Expected<int, std::string> run_piped(const ThumbnailsOptions& options);

}  // namespace bulkhead::jobs
