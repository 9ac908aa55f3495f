#include <sys/sysinfo.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include <bulkhead/bulkhead.h>

#include "job.h"

namespace bulkhead::jobs {
namespace {

constexpr std::array kSandboxes = {std::pair{Sandbox::None, "none"},
                                   std::pair{Sandbox::Default, "default"},
                                   std::pair{Sandbox::Strict, "strict"}};

std::string in_megabytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20U) + " MiB";
}

// The memory that the control group of this process may use, where it is the root of what the
// process sees, as in a container. Nothing: no limit that we know of.
std::optional<std::uint64_t> group_memory() {
  for (const char* file :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    // "max", or in the first version the largest number of pages, stand for no limit.
    constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 60U;
    std::uint64_t bytes = 0;
    if (std::ifstream(file) >> bytes && bytes < kUnlimited) {
      return bytes;
    }
  }
  return std::nullopt;
}

std::string memory_text() {
  struct sysinfo system {};
  ::sysinfo(&system);
  const auto bytes = [&](unsigned long units) {
    return static_cast<std::uint64_t>(units) * system.mem_unit;
  };
  std::string text =
      in_megabytes(bytes(system.totalram)) + ", " + in_megabytes(bytes(system.freeram)) + " unused";
  if (const auto group = group_memory()) {
    text += ", " + in_megabytes(*group) + " for the control group";
  }
  return text;
}

void print_sandbox(Sandbox sandbox, const char* name) {
  const Isolation isolation = available_isolation(sandbox);
  const bool refuses = sandbox == Sandbox::Strict && !isolation.is_complete();
  std::printf("\nsandbox %s%s\n", name, refuses ? ": would not start here" : "");
  for (const IsolationLayer& layer : isolation.layers) {
    std::printf("  %-4s %s: %s\n", layer.is_on ? "on" : "OFF", layer.name.c_str(),
                layer.detail.c_str());
  }
}

int run_doctor() {
  std::printf("CPUs      %u, of which %u may be kept busy\n", std::thread::hardware_concurrency(),
              usable_cpus());
  std::printf("memory    %s\n", memory_text().c_str());
  for (const auto& [sandbox, name] : kSandboxes) {
    print_sandbox(sandbox, name);
  }
  return static_cast<int>(ExitStatus::Done);
}

}  // namespace

JobAction configure_doctor(CLI::App& command) {
  command.footer(
      "Says how many CPUs and how much memory the workers can have here, and which layers of each "
      "sandbox this system has.");
  return run_doctor;
}

}  // namespace bulkhead::jobs
