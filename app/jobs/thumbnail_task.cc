#include "jobs/thumbnail_task.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "files/read_file.h"
#include "imaging/thumbnail.h"

namespace bulkhead::jobs {
namespace {

void read_and_shrink(const ThumbnailTask& task, ThumbnailReply& reply) {
  const auto photo = files::read_file(task.path);
  if (!photo) {
    reply.error = photo.error().reason;
    return;
  }
  reply.source_bytes = photo->size();
  if (photo->empty()) {
    reply.error = "is empty";
    return;
  }
  auto thumbnail = imaging::make_thumbnail(*photo, {.box = task.box, .quality = task.quality});
  if (!thumbnail) {
    reply.error = std::move(thumbnail.error().message);
    return;
  }
  reply.damage = std::move(thumbnail->damage);
  reply.jpeg = std::move(thumbnail->jpeg);
  reply.source = thumbnail->source;
  reply.size = thumbnail->size;
  reply.orientation = thumbnail->orientation;
  reply.decoder = std::move(thumbnail->decoder);
}

}  // namespace

ThumbnailReply make_one(const ThumbnailTask& task) {
  const auto start = std::chrono::steady_clock::now();
  ThumbnailReply reply;
  reply.worker = ::getpid();
  read_and_shrink(task, reply);
  reply.nanoseconds = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
  return reply;
}

}  // namespace bulkhead::jobs
