#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/system_error.h"

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
/// All zero where /proc cannot be read.
MemoryInUse memory_in_use();

/// From now on no more private memory than this can be allocated. (RLIMIT_DATA)
void limit_data(std::uint64_t bytes);

}  // namespace bulkhead::os
