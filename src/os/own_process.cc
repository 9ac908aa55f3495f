#include "os/own_process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include "os/unique_fd.h"

namespace bulkhead::os {

int own_process() {
  return ::getpid();
}

void name_process(const std::string& name) {
  ::prctl(PR_SET_NAME, name.c_str());
}

void set_environment(const std::vector<std::string>& variables) {
  for (const std::string& variable : variables) {
    const std::size_t equals = variable.find('=');
    ::setenv(variable.substr(0, equals).c_str(), variable.c_str() + equals + 1, 1);
  }
}

Result<void> change_folder(const std::string& path) {
  if (::chdir(path.c_str()) != 0) {
    return last_error("enter the working directory " + path);
  }
  return {};
}

Result<void> be_nicer(int increment) {
  errno = 0;  // -1 is a nice value too.
  if (::nice(increment) == -1 && errno != 0) {
    return last_error("change the nice value by " + std::to_string(increment));
  }
  return {};
}

Result<void> pin_to_cpu(unsigned place) {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return last_error("read the affinity mask");
  }
  unsigned left = place % static_cast<unsigned>(CPU_COUNT(&allowed));
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed) && left-- == 0) {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      if (::sched_setaffinity(0, sizeof one, &one) != 0) {
        return last_error("pin to CPU " + std::to_string(cpu));
      }
      return {};
    }
  }
  return {};
}

Result<void> limit_resource(int resource, std::uint64_t value) {
  const rlimit limit{value, value};
  // Past the C library, whose type for the name of a resource does not hold any number.
  if (::syscall(SYS_prlimit64, 0, resource, &limit, nullptr) != 0) {
    return last_error("set resource limit " + std::to_string(resource) + " to " +
                      std::to_string(value));
  }
  return {};
}

MemoryGauge::MemoryGauge()
    : file_(beyond_standard_streams(UniqueFd(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)))) {}

MemoryInUse MemoryGauge::read() const {
  // "size resident shared text lib data dt", in pages. (proc(5))
  std::array<char, 128> text{};
  const auto length = ::pread(file_.get(), text.data(), text.size(), 0);
  std::array<std::uint64_t, 6> pages{};
  const char* at = text.data();
  const char* const end = at + (length > 0 ? length : 0);
  for (std::uint64_t& count : pages) {
    const auto parsed = std::from_chars(at, end, count);
    if (parsed.ec != std::errc()) {
      return {};
    }
    at = parsed.ptr == end ? end : parsed.ptr + 1;
  }
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {pages[1] * page, pages[5] * page};
}

void limit_data(std::uint64_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  limit.rlim_cur = std::min<rlim_t>(bytes, limit.rlim_max);
  ::setrlimit(RLIMIT_DATA, &limit);
}

void limit_raising_data(std::uint64_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_DATA, &limit);
  if (limit.rlim_cur != RLIM_INFINITY) {
    limit.rlim_max = std::min<rlim_t>(limit.rlim_cur + bytes, limit.rlim_max);
    ::setrlimit(RLIMIT_DATA, &limit);
  }
}

Result<void> hide_memory() {
  if (auto limited = limit_resource(RLIMIT_CORE, 0); !limited) {
    return limited;
  }
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) {
    return last_error("hide the memory of the process");
  }
  return {};
}

Result<void> silence_standard_streams() {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null || ::dup2(null.get(), STDOUT_FILENO) < 0 || ::dup2(null.get(), STDERR_FILENO) < 0) {
    return last_error("silence the standard streams");
  }
  return {};
}

void load_time_zone() {
  ::tzset();
}

}  // namespace bulkhead::os
