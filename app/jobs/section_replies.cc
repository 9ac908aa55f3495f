#include "jobs/section_replies.h"

#include <algorithm>
#include <utility>

namespace bulkhead::jobs {
namespace {

bool are_of_one_file(const ThumbnailReply& one, const ThumbnailReply& other) {
  return one.source_bytes == other.source_bytes && one.changed == other.changed;
}

}  // namespace

void SectionReplies::add(Outcome<ThumbnailReply> outcome) {
  if (outcome) {
    replies_.push_back(*std::move(outcome));
    return;
  }
  ++failures_;
  const FailureKind kind = outcome.error().kind;
  if (kind == FailureKind::Cancelled || kind == FailureKind::TimedOut) {
    end_ = std::move(outcome.error());
  }
}

std::optional<std::vector<imaging::Section>> SectionReplies::take_sections() {
  std::vector<imaging::Section> sections;
  for (ThumbnailReply& reply : replies_) {
    if (failures_ != 0 || !reply.section || !are_of_one_file(reply, replies_.front())) {
      return std::nullopt;
    }
    sections.push_back(*std::move(reply.section));
    if (sections.back().ends_picture) {
      break;  // What is behind it is no picture.
    }
  }
  return sections;
}

bool SectionReplies::complete(ThumbnailReply& joined) const {
  if (joined.made.empty() || !are_of_one_file(joined, replies_.front())) {
    return false;
  }
  for (const ThumbnailReply& reply : replies_) {
    joined.nanoseconds += reply.nanoseconds;
  }
  joined.sections = static_cast<int>(replies_.size());
  return true;
}

}  // namespace bulkhead::jobs
