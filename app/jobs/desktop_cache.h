#pragma once

#include <optional>
#include <string>

#include <bulkhead/expected.h>

#include "files/file_error.h"
#include "files/mark.h"
#include "jobs/size_spec.h"
#include "jobs/thumbnail_task.h"

namespace bulkhead::jobs {

/// The thumbnails that the programs of a desktop share: $XDG_CACHE_HOME/thumbnails, as the
/// Thumbnail Managing Standard of freedesktop.org has it (0.9).
class DesktopCache {
 public:
  /// `current_folder` is absolute; what relative paths are relative to. Errors, a line for the
  /// user: neither the environment nor the system knows where the user's files are.
  static Expected<DesktopCache, std::string> open(std::string current_folder);

  /// The template of the names of thumbnails of a size; nothing for one that the standard has no
  /// folder for, which are all but 128, 256, 512 and 1024.
  std::optional<std::string> template_for(const SizeSpec& size) const;

  /// Whether a file lies in the cache: it is a thumbnail and gets none.
  bool holds(const std::string& path) const;

  /// Saves a thumbnail with what the standard wants to be said in it, and forgets that
  /// there was none. Errors: those of publish().
  Expected<void, files::FileError> save(const std::string& photo, const std::string& output,
                                        const ThumbnailReply& reply, std::size_t index,
                                        files::Mark mark) const;

  /// Notes that there is no thumbnail of a photo, so that nobody tries again in vain. A note that
  /// cannot be written is none.
  void save_failure(const std::string& photo, files::Mark mark) const;

  /// Whether that is noted of the photo as it is now, under the same mark.
  bool is_known_failure(const std::string& photo, files::Mark mark) const;

 private:
  DesktopCache(std::string current_folder, const std::string& cache_home);
  std::string uri_of(const std::string& path) const;
  std::string failure_of(const std::string& photo) const;

  std::string current_folder_;
  std::string folder_;
};

}  // namespace bulkhead::jobs
