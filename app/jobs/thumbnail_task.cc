#include "jobs/thumbnail_task.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include <bulkhead/this_task.h>

#include "files/file_reader.h"
#include "files/mark.h"
#include "files/read_file.h"

namespace bulkhead::jobs {
namespace {

// What comes before the data of a picture, EXIF and profile included. Few files have more; they are
// made as a whole.
constexpr std::size_t kHeadBytes = std::size_t{128} << 10;

void fill_in(imaging::Thumbnails thumbnails, ThumbnailReply& reply) {
  reply.damage = std::move(thumbnails.damage);
  reply.made = std::move(thumbnails.made);
  reply.source = thumbnails.source;
  reply.orientation = thumbnails.orientation;
  reply.decoder = std::move(thumbnails.decoder);
  reply.profile = thumbnails.profile;
}

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
  fill_in(*std::move(thumbnails), reply);
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

// Some bytes of a file, in memory that is not cleared before; none when they cannot be read.
class FileRange {
 public:
  FileRange(const files::FileReader& file, imaging::ByteRange range)
      : memory_(std::make_unique_for_overwrite<std::byte[]>(range.end - range.begin)) {
    const auto got = file.read(range.begin, {memory_.get(), range.end - range.begin});
    size_ = got ? *got : 0;
  }

  std::span<const std::byte> bytes() const { return {memory_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> memory_;
  std::size_t size_ = 0;
};

// Calls use(photo, file) with what can be decoded in sections. What cannot, for whatever reason, is
// not told of: who makes it as a whole will.
template <class Use>
void with_sections(const imaging::ThumbnailOptions& options, const ThumbnailTask& task,
                   ThumbnailReply& reply, Use use) {
  reply.modified = files::modified(task.path).value_or(0);
  reply.changed = files::changed(task.path);
  const auto file = files::FileReader::open(task.path);
  if (!file) {
    return;
  }
  reply.source_bytes = file->bytes();
  const FileRange head(*file, {0, kHeadBytes});
  if (auto photo = imaging::SectionedPhoto::open(head.bytes(), file->bytes(), options)) {
    use(*photo, *file);
  }
}

void read_section(const imaging::ThumbnailOptions& options, const ThumbnailTask& task,
                  ThumbnailReply& reply) {
  with_sections(options, task, reply,
                [&](imaging::SectionedPhoto& photo, const files::FileReader& file) {
                  if (const auto range = photo.range_of(task.section)) {
                    const FileRange section(file, *range);
                    reply.section = photo.decode(task.section, section.bytes());
                  }
                });
}

// Calls fill(reply), and says what it took.
template <class Fill>
ThumbnailReply measured_reply(Fill fill) {
  const auto start = std::chrono::steady_clock::now();
  ThumbnailReply reply;
  reply.worker = ::getpid();
  reply.attempt = this_task::attempt();
  try {
    fill(reply);
  } catch (const std::bad_alloc&) {
    reply.is_out_of_memory = true;
    reply.error = "out of memory";
  }
  reply.nanoseconds = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
  return reply;
}

}  // namespace

void check(ThumbnailReply& reply, std::size_t sizes) {
  if (reply.error.empty() && reply.made.size() != sizes) {
    reply.error = "its worker gave back " + std::to_string(reply.made.size()) +
                  " thumbnails in place of " + std::to_string(sizes);
  }
}

ThumbnailReply make_one(const imaging::ThumbnailOptions& thumbnails, const ThumbnailTask& task) {
  return measured_reply([&](ThumbnailReply& reply) {
    if (task.section.count > 1) {
      read_section(thumbnails, task, reply);
    } else {
      read_and_shrink(thumbnails, task, reply);
    }
  });
}

ThumbnailReply join_one(const imaging::ThumbnailOptions& thumbnails, const ThumbnailTask& task,
                        const std::vector<imaging::Section>& sections) {
  return measured_reply([&](ThumbnailReply& reply) {
    imaging::ThumbnailOptions options = thumbnails;
    options.encoding.format = task.format;
    with_sections(options, task, reply,
                  [&](imaging::SectionedPhoto& photo, const files::FileReader& /*file*/) {
                    if (auto joined = std::move(photo).join(sections)) {
                      fill_in(*std::move(joined), reply);
                    }
                  });
  });
}

}  // namespace bulkhead::jobs
