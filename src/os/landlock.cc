#include "os/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "os/unique_fd.h"

namespace bulkhead::os {

namespace {

// Newer than the headers of some systems that this is built on. (linux/landlock.h)
constexpr std::uint64_t kRefer = 1ULL << 13U;     // version 2
constexpr std::uint64_t kTruncate = 1ULL << 14U;  // version 3
constexpr std::uint64_t kIoctlDev = 1ULL << 15U;  // version 5
constexpr std::uint64_t kAllTcp = 3;              // bind and connect: version 4
constexpr std::uint64_t kAllScopes = 3;           // abstract sockets and signals: version 6

struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scopes = 0;
};

/// What version 1 knows: 13 rights, from executing to making links.
constexpr std::uint64_t kFirstRights = (1ULL << 13U) - 1;
constexpr std::uint64_t kReading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
/// Of those, the rights that are of use for what is no folder.
constexpr std::uint64_t kOfFiles = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                                   LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate | kIoctlDev;

Ruleset everything(unsigned version) {
  Ruleset all{.files = kFirstRights};
  all.files |= version >= 2 ? kRefer : 0;
  all.files |= version >= 3 ? kTruncate : 0;
  all.network = version >= 4 ? kAllTcp : 0;
  all.files |= version >= 5 ? kIoctlDev : 0;
  all.scopes = version >= 6 ? kAllScopes : 0;
  return all;
}

/// A kernel takes no more of the structure than it knows.
std::size_t known_bytes(unsigned version) {
  constexpr std::array kBytes{std::size_t{0}, offsetof(Ruleset, network), offsetof(Ruleset, scopes),
                              sizeof(Ruleset)};
  return kBytes.at(version >= 6 ? 3 : version >= 4 ? 2 : 1);
}

Result<void> allow(const UniqueFd& rules, const std::string& path, std::uint64_t rights) {
  const UniqueFd file(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) {
    return last_error("allow access to " + path);
  }
  landlock_path_beneath_attr rule{};
  rule.parent_fd = file.get();
  rule.allowed_access = S_ISDIR(status.st_mode) ? rights : rights & kOfFiles;
  if (::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    return last_error("allow access to " + path);
  }
  return {};
}

Result<void> allow_all(const UniqueFd& rules, const std::vector<std::string>& paths,
                       std::uint64_t rights) {
  for (const std::string& path : paths) {
    if (auto allowed = allow(rules, path, rights); !allowed) {
      return allowed;
    }
  }
  return {};
}

}  // namespace

unsigned landlock_version() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<unsigned>(version);
}

Result<void> restrict_access(const FileAccess& access) {
  const unsigned version = landlock_version();
  const Ruleset handled = everything(version);
  const UniqueFd rules(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, known_bytes(version), 0)));
  if (!rules) {
    return last_error("make a Landlock ruleset");
  }
  if (auto allowed = allow_all(rules, access.readable, handled.files & kReading); !allowed) {
    return allowed;
  }
  const std::uint64_t all_but_execute = handled.files & ~std::uint64_t{LANDLOCK_ACCESS_FS_EXECUTE};
  if (auto allowed = allow_all(rules, access.writable, all_but_execute); !allowed) {
    return allowed;
  }
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
    return last_error("restrict access by Landlock");
  }
  return {};
}

}  // namespace bulkhead::os
