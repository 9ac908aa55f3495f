#include "files/read_ahead.h"

#include <fcntl.h>

#include <utility>

#include "files/descriptor.h"

namespace bulkhead::files {
namespace {

// Returns when the reading is under way; that may take as long as the disk's queue is full.
void begin_to_read(const std::string& path) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for one (open(2)).
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file) {
    constexpr off_t kToTheEnd = 0;
    static_cast<void>(::posix_fadvise(file.get(), 0, kToTheEnd, POSIX_FADV_WILLNEED));
  }
}

}  // namespace

void ReadAhead::announce(std::string path) {
  {
    const std::scoped_lock lock(mutex_);
    paths_.push_back(std::move(path));
    if (!thread_.joinable()) {
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
  }
  announced_.notify_one();
}

void ReadAhead::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (announced_.wait(lock, stop, [this] { return !paths_.empty(); }) &&
         !stop.stop_requested()) {
    const std::string path = std::move(paths_.front());
    paths_.pop_front();
    lock.unlock();
    begin_to_read(path);
    lock.lock();
  }
}

}  // namespace bulkhead::files
