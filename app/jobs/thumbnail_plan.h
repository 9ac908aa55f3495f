#pragma once

#include <string>
#include <vector>

#include "files/output_plan.h"
#include "jobs/desktop_cache.h"
#include "jobs/thumbnails.h"

namespace bulkhead::jobs {

/// The photos that `paths` stand for and the thumbnails they are to have. What earlier runs made is
/// no photo, nor is what lies in the output folder, unless that is one of the paths.
/// `cache` may be null: outputs are anywhere.
files::OutputPlan plan_thumbnails(const ThumbnailsOptions& options,
                                  const std::vector<std::string>& paths,
                                  const std::vector<files::OutputNames>& names,
                                  const DesktopCache* cache);

/// Which file that the options name, besides thumbnails, would take the place of a photo; a line
/// for the user, empty when none would.
std::string problem_of_other_files(const ThumbnailsOptions& options,
                                   const files::OutputPlan& photos);

}  // namespace bulkhead::jobs
