#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/system_error.h"
#include "os/unique_fd.h"

/// What this process can say about itself, and the settings that it can change.
namespace bulkhead::os {

int own_process();

/// As ps and top show it; the kernel keeps 15 bytes. (PR_SET_NAME)
void name_process(const std::string& name);

/// Sets variables, each given as NAME=VALUE. Only while the process has one thread.
void set_environment(const std::vector<std::string>& variables);

Result<void> change_folder(const std::string& path);

/// Adds to the nice value. (nice(2))
Result<void> be_nicer(int increment);

/// Keeps the process to one CPU of those that it may use: the one at this place, counted round.
Result<void> pin_to_cpu(unsigned place);

/// From now on, soft and hard. (setrlimit(2))
Result<void> limit_resource(int resource, std::uint64_t value);

struct MemoryInUse {
  std::uint64_t resident_bytes = 0;
  std::uint64_t data_bytes = 0;  ///< private and writable, touched or not; what RLIMIT_DATA counts
};

/// Tells how much memory the process has in use. It holds a descriptor, so that it can be asked
/// when nothing can be opened any more.
class MemoryGauge {
 public:
  MemoryGauge();
  /// All zero where /proc could not be read.
  MemoryInUse read() const;

 private:
  UniqueFd file_;
};

/// From now on no more private memory than this can be allocated. (RLIMIT_DATA)
void limit_data(std::uint64_t bytes);
/// That limit can be raised by so much, but by no more. Nothing where there is none.
void limit_raising_data(std::uint64_t bytes);

/// From now on the process leaves no core dump, and no other process of its user can look into it.
/// (PR_SET_DUMPABLE)
Result<void> hide_memory();

/// From now on what is written to the standard output and error is dropped.
Result<void> silence_standard_streams();

/// Reads what later conversions of times need (tzset(3)).
void load_time_zone();

}  // namespace bulkhead::os
