#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::records {

/// A part of a file, or all of it: the records that begin in [begin, end).
struct Portion {
  std::uint32_t file = 0;  ///< its place among the inputs
  std::string path = {};   ///< to open
  std::uint64_t begin = 0;
  std::uint64_t end = kToTheEnd;
  bool can_be_cut = false;  ///< anywhere: each record knows where it begins

  static constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::uint64_t>::max();
};

/// What one task reads: a portion of a large file, or several small files.
using Batch = std::vector<Portion>;

/// A file as it is found.
struct FoundFile {
  std::string path = {};  ///< to open
  std::string name = {};  ///< to tell people: as the user gave it, or as it continues a folder
  std::uint64_t bytes = 0;
  bool can_be_cut = false;
};

/// How files become tasks.
struct BatchRules {
  std::uint64_t portion_bytes = std::uint64_t{32} << 20U;  ///< of a large file, at most
  std::uint64_t batch_bytes = std::uint64_t{1} << 20U;     ///< of small files, about
  std::uint32_t batch_files = 256;                         ///< at most
};

/// The batches for all files, in their order.
std::vector<Batch> plan_batches(const std::vector<FoundFile>& files, const BatchRules& rules);

/// How large portions are, for so many bytes in all and so many workers: small enough that all have
/// work to the end, large enough that putting results together costs little, and never more than
/// `most`.
std::uint64_t portion_bytes_for(std::uint64_t total_bytes, unsigned workers, std::uint64_t most);

/// The batch in two halves, as finely as one record; nothing when it cannot be divided.
std::optional<std::pair<Batch, Batch>> halves_of(const Batch& batch);

}  // namespace bulkhead::records
