#pragma once

#include <span>
#include <string>

#include "display/console.h"
#include "jobs/gallery.h"
#include "jobs/thumbnails.h"

namespace bulkhead::jobs {

/// Whether a file is called like one of the contact sheets of that name; both paths absolute and
/// normalised.
bool is_contact_sheet(const std::string& path, const std::string& contact_sheet);

/// Makes the gallery and the contact sheets that the options ask for, and says so. False when one
/// of them could not be made, which is said too, or was interrupted.
bool make_overviews(const ThumbnailsOptions& options, std::span<const ShownPhoto> photos,
                    display::Console& console);

}  // namespace bulkhead::jobs
