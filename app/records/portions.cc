#include "records/portions.h"

#include <algorithm>

namespace bulkhead::records {
namespace {

class Planner {
 public:
  explicit Planner(const BatchRules& rules) : rules_(rules) {}

  void add(std::uint32_t number, const FoundFile& file) {
    if (file.can_be_cut && file.bytes > rules_.portion_bytes) {
      close_batch();
      cut(number, file);
      return;
    }
    if (bytes_ + file.bytes > rules_.batch_bytes || batch_.size() >= rules_.batch_files) {
      close_batch();
    }
    const std::uint64_t end = file.can_be_cut ? file.bytes : Portion::kToTheEnd;
    batch_.push_back(
        {.file = number, .path = file.path, .end = end, .can_be_cut = file.can_be_cut});
    bytes_ += file.bytes;
  }

  std::vector<Batch> take() {
    close_batch();
    return std::move(batches_);
  }

 private:
  void cut(std::uint32_t number, const FoundFile& file) {
    for (std::uint64_t begin = 0; begin < file.bytes; begin += rules_.portion_bytes) {
      batches_.push_back({{.file = number,
                           .path = file.path,
                           .begin = begin,
                           .end = std::min(begin + rules_.portion_bytes, file.bytes),
                           .can_be_cut = true}});
    }
  }

  void close_batch() {
    if (!batch_.empty()) {
      batches_.push_back(std::move(batch_));
      batch_.clear();
      bytes_ = 0;
    }
  }

  const BatchRules& rules_;
  std::vector<Batch> batches_;
  Batch batch_;  // that is being filled
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::vector<Batch> plan_batches(const std::vector<FoundFile>& files, const BatchRules& rules) {
  Planner planner(rules);
  std::uint32_t number = 0;
  for (const FoundFile& file : files) {
    planner.add(number++, file);
  }
  return planner.take();
}

std::uint64_t portion_bytes_for(std::uint64_t total_bytes, unsigned workers, std::uint64_t most) {
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 20U;
  constexpr std::uint64_t kEach = 4;  // Portions a worker: the last to end is idle for little.
  return std::max(kLeast, std::min(most, total_bytes / (workers * kEach) + 1));
}

std::optional<std::pair<Batch, Batch>> halves_of(const Batch& batch) {
  if (batch.size() > 1) {
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    return std::pair(Batch(batch.begin(), middle), Batch(middle, batch.end()));
  }
  if (batch.empty() || !batch[0].can_be_cut || batch[0].end - batch[0].begin < 2) {
    return std::nullopt;
  }
  Portion first = batch[0];
  Portion second = batch[0];
  first.end = second.begin = first.begin + (first.end - first.begin) / 2;
  return std::pair(Batch{first}, Batch{second});
}

}  // namespace bulkhead::records
