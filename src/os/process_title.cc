#include "os/process_title.h"

#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

namespace bulkhead::os {

namespace {

/// Places in /proc/self/stat, counted from 1. (proc_pid_stat(5))
enum Field : std::size_t {
  kStartCode = 26,
  kEndCode = 27,
  kStartStack = 28,
  kStartData = 45,
  kEndData = 46,
  kStartBrk = 47,
  kEnvStart = 50,
  kEnvEnd = 51,
  kFields = 52,
};

/// The numbers of this process; 0 where there is none.
std::array<std::uint64_t, kFields + 1> read_stat() {
  std::array<std::uint64_t, kFields + 1> fields{};
  std::ifstream stat("/proc/self/stat");
  // The second is the name in brackets, which may hold brackets too.
  std::string line;
  std::getline(stat, line);
  std::size_t at = line.rfind(')');
  for (std::size_t field = 3; field < fields.size() && at != std::string::npos; ++field) {
    at = line.find(' ', at);
    if (at != std::string::npos) {
      fields[field] = std::strtoull(line.c_str() + ++at, nullptr, 10);
    }
  }
  return fields;
}

}  // namespace

Result<ProcessTitle> ProcessTitle::take_over() {
  void* const memory =
      ::mmap(nullptr, kMostBytes + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return last_error("allocate a process title");
  }
  const auto stat = read_stat();
  const auto text = reinterpret_cast<std::uintptr_t>(memory);
  // All of them are set together; those that are to stay are told as they are.
  prctl_mm_map map{};
  map.start_code = stat[kStartCode];
  map.end_code = stat[kEndCode];
  map.start_data = stat[kStartData];
  map.end_data = stat[kEndData];
  map.start_brk = stat[kStartBrk];
  map.brk = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  map.start_stack = stat[kStartStack];
  map.arg_start = text;
  map.arg_end = text + kMostBytes + 1;
  map.env_start = stat[kEnvStart];
  map.env_end = stat[kEnvEnd];
  map.exe_fd = std::numeric_limits<std::uint32_t>::max();  // The same file.
  if (::prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0) != 0) {
    const auto error = last_error("set the process title");
    ::munmap(memory, kMostBytes + 1);
    return error;
  }
  return ProcessTitle(static_cast<char*>(memory));
}

void ProcessTitle::set(std::string_view title) noexcept {
  const std::size_t bytes = std::min(title.size(), kMostBytes);
  std::memcpy(text_, title.data(), bytes);
  std::memset(text_ + bytes, 0, kMostBytes + 1 - bytes);
}

}  // namespace bulkhead::os
