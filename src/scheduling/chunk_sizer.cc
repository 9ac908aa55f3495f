#include "scheduling/chunk_sizer.h"

#include <algorithm>

namespace bulkhead::scheduling {
namespace {

// The last four measurements make up two thirds of the mean: a change of the work shows within a
// few chunks, and one outlier does not decide.
constexpr double kWeightOfNewest = 0.25;

// From one measurement to the next a chunk grows at most this much. A first task that was trivially
// short (an empty file among large ones) then costs a chunk of 4, not of 4096; a thousand tasks
// of two microseconds each are still reached in five steps.
constexpr double kLargestGrowth = 4;

}  // namespace

ChunkSizer::ChunkSizer(unsigned workers) : workers_(std::max(workers, 1U)) {}

void ChunkSizer::set_workers(unsigned workers) {
  workers_ = std::max(workers, 1U);
}

void ChunkSizer::on_measured(FunctionId function, Duration mean_run_time) {
  if (mean_run_time <= Duration::zero()) {
    return;
  }
  const auto sample_ns = static_cast<double>(mean_run_time.count());
  const auto [it, is_first] = estimates_.try_emplace(function);
  Estimate& estimate = it->second;
  estimate.mean_ns =
      is_first ? sample_ns : estimate.mean_ns + kWeightOfNewest * (sample_ns - estimate.mean_ns);
  const double wanted = static_cast<double>(kTargetRunTime.count()) / estimate.mean_ns;
  const double most = std::min<double>(estimate.size * kLargestGrowth, kLargestChunk);
  estimate.size = std::max(1.0, std::min(wanted, most));
}

std::uint32_t ChunkSizer::chunk_size(FunctionId function, std::uint32_t remaining) const {
  const std::uint64_t shares = 2ULL * workers_;
  const std::uint64_t fair = (remaining + shares - 1) / shares;
  const std::uint64_t size = std::min<std::uint64_t>(full_chunk_size(function), fair);
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(size, 1));
}

std::uint32_t ChunkSizer::full_chunk_size(FunctionId function) const {
  const auto it = estimates_.find(function);
  return it == estimates_.end() ? 1 : static_cast<std::uint32_t>(it->second.size);
}

Duration ChunkSizer::expected_run_time(FunctionId function) const {
  const auto it = estimates_.find(function);
  if (it == estimates_.end()) {
    return kUnmeasured;
  }
  return Duration(static_cast<Duration::rep>(it->second.mean_ns));
}

}  // namespace bulkhead::scheduling
