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

/// Whether a contact sheet may be written there: there is nothing, or a contact sheet of an earlier
/// run. That is known by its mark, so that no picture is lost that somebody else made.
bool may_become_sheet(const std::string& path);

/// The page of a gallery in that folder.
std::string page_of_gallery(const std::string& folder);

/// Makes the gallery and the contact sheets that the options ask for, and says so. The status of
/// the program: that of one that could not be made, which is said too, or of an interruption.
int make_overviews(const ThumbnailsOptions& options, std::span<const ShownPhoto> photos,
                   display::Console& console);

}  // namespace bulkhead::jobs
