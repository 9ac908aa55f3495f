#include "files/read_ahead.h"

#include <fcntl.h>

#include <algorithm>
#include <iterator>
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

void ReadAhead::announce(std::vector<std::string> paths) {
  {
    const std::scoped_lock lock(mutex_);
    std::ranges::move(paths, std::back_inserter(paths_));
    if (!thread_.joinable()) {
      thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    }
  }
  announced_.notify_one();
}

void ReadAhead::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (announced_.wait(lock, stop, [this] { return !paths_.empty(); })) {
    const auto paths = std::exchange(paths_, {});
    lock.unlock();
    for (const std::string& path : paths) {
      if (stop.stop_requested()) {
        return;
      }
      begin_to_read(path);
    }
    lock.lock();
  }
}

}  // namespace bulkhead::files
