#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <bulkhead/bulkhead.h>

#include "jobs/thumbnail_task.h"

namespace bulkhead::jobs {

/// The outcomes of the sections of one photo, as they come.
class SectionReplies {
 public:
  explicit SectionReplies(std::size_t count) : count_(count) {}

  void add(Outcome<ThumbnailReply> outcome);

  bool is_complete() const { return replies_.size() + failures_ == count_; }

  /// What ended the photo with one of its sections: it was cancelled, or took too long.
  const std::optional<Failure>& end() const { return end_; }

  /// All sections, in their order, when none was refused up to that which ends the picture, and
  /// they are of one and the same file. Once.
  std::optional<std::vector<imaging::Section>> take_sections();

  /// Whether what was made of the sections is of their file. If so, it is made the reply for the
  /// photo: what it took is what all together took.
  bool complete(ThumbnailReply& joined) const;

 private:
  std::size_t count_;
  std::size_t failures_ = 0;
  std::optional<Failure> end_;
  std::vector<ThumbnailReply> replies_;
};

}  // namespace bulkhead::jobs
