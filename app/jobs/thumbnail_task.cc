#include "jobs/thumbnail_task.h"

#include <unistd.h>

#include <chrono>
#include <new>
#include <span>
#include <utility>

#include <bulkhead/this_task.h>

#include "files/mark.h"
#include "files/read_file.h"

namespace bulkhead::jobs {
namespace {

void shrink(std::span<const std::byte> photo, const imaging::ThumbnailOptions& options,
            ThumbnailReply& reply) {
  reply.source_bytes = photo.size();
  if (photo.empty()) {
    reply.error = "is empty";
    return;
  }
  auto thumbnails = imaging::make_thumbnails(photo, options);
  if (!thumbnails) {
    reply.is_out_of_memory = thumbnails.error().fault == imaging::ImageFault::OutOfMemory;
    reply.error = std::move(thumbnails.error().message);
    return;
  }
  reply.damage = std::move(thumbnails->damage);
  reply.made = std::move(thumbnails->made);
  reply.source = thumbnails->source;
  reply.orientation = thumbnails->orientation;
  reply.decoder = std::move(thumbnails->decoder);
  reply.profile = thumbnails->profile;
}

void read_and_shrink(imaging::ThumbnailOptions options, const ThumbnailTask& task,
                     ThumbnailReply& reply) {
  options.encoding.format = task.format;
  if (task.content) {
    return shrink(*task.content, options, reply);
  }
  reply.modified = files::modified(task.path).value_or(0);  // Before its content: never too new.
  reply.changed = files::changed(task.path);
  const auto photo = files::read_file(task.path);
  if (!photo) {
    reply.error = photo.error().reason;
    return;
  }
  shrink(*photo, options, reply);
}

}  // namespace

void check(ThumbnailReply& reply, std::size_t sizes) {
  if (reply.error.empty() && reply.made.size() != sizes) {
    reply.error = "its worker gave back " + std::to_string(reply.made.size()) +
                  " thumbnails in place of " + std::to_string(sizes);
  }
}

ThumbnailReply make_one(const imaging::ThumbnailOptions& thumbnails, const ThumbnailTask& task) {
  const auto start = std::chrono::steady_clock::now();
  ThumbnailReply reply;
  reply.worker = ::getpid();
  reply.attempt = this_task::attempt();
  try {
    read_and_shrink(thumbnails, task, reply);
  } catch (const std::bad_alloc&) {
    reply.is_out_of_memory = true;
    reply.error = "out of memory";
  }
  reply.nanoseconds = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
  return reply;
}

}  // namespace bulkhead::jobs
