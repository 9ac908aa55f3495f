#pragma once

#include <span>
#include <string>
#include <vector>

#include "imaging/extent.h"

namespace bulkhead::jobs {

/// A photo and its thumbnails, as pages and contact sheets show them.
struct ShownPhoto {
  std::string photo;                    ///< its path
  std::string folder;                   ///< below the folder that was searched
  std::vector<std::string> thumbnails;  ///< their paths
  imaging::Extent size;                 ///< of the first one; 0 where it is not known
};

/// One page of HTML that shows the first thumbnail of each photo, with a link to the photo; needs
/// no other file but them. All paths are relative to `folder`, where the page is to lie.
/// `current_folder` is absolute; what relative paths are relative to.
std::string gallery_page(std::span<const ShownPhoto> photos, const std::string& folder,
                         const std::string& current_folder);

}  // namespace bulkhead::jobs
