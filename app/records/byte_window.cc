#include "records/byte_window.h"

#include <cstring>
#include <span>
#include <utility>

namespace bulkhead::records {
namespace {

// What stays in the second level of the caches.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;

}  // namespace

ByteWindow::ByteWindow(std::unique_ptr<ByteSource> source, std::uint64_t offset)
    : source_(std::move(source)), buffer_(kBlockBytes + kReadablePadding), offset_(offset) {}

bool ByteWindow::grow() {
  if (is_at_end_) {
    return false;
  }
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  if (room() < kBlockBytes / 2) {
    buffer_.resize(buffer_.size() * 2);
  }
  const auto got = source_->read(std::span(buffer_).subspan(end_, room()));
  if (!got || *got == 0) {
    is_at_end_ = true;
    problem_ = got ? "" : got.error();
    return false;
  }
  end_ += *got;
  return true;
}

}  // namespace bulkhead::records
