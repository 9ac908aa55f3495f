// Descriptors on their way to workers, of which the kernel lets a user have only so many (unix(7)).

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "gate.h"

namespace bulkhead {
namespace {

constexpr rlim_t kFewDescriptors = 200;

int size_of_all(const std::vector<Shared<std::string>>& values) {
  return std::accumulate(values.begin(), values.end(), 0, [](int sum, const auto& value) {
    return sum + static_cast<int>(value->size());
  });
}

std::vector<Shared<std::string>> values(int count) {
  std::vector<Shared<std::string>> values;
  for (int i = 0; i < count; ++i) {
    values.emplace_back(std::string(10, 'x'));
  }
  return values;
}

bool gives(const Future<int>& future, int value) {
  const auto outcome = future.outcome();
  return outcome && *outcome == value;
}

/// Runs this in a process of an ordinary user with few open files, which is what counts; its
/// result.
int as_a_user(int (*run)()) {
  const pid_t user = ::fork();
  if (user == 0) {
    constexpr uid_t kNobody = 65534;
    const rlimit few{kFewDescriptors, kFewDescriptors};
    const bool is_one =
        (::getuid() != 0 || ::setuid(kNobody) == 0) && ::setrlimit(RLIMIT_NOFILE, &few) == 0;
    ::_exit(is_one ? run() : -1);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(user, &status, 0), user);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// How many workers a pool has had, in which values are shared while none of them listens; 0: a
/// task has failed.
int workers_for_many_values() {
  const Gate gate;
  ProcessPoolExecutor executor(8);
  std::vector<Future<int>> visits;
  for (int i = 0; i < 8; ++i) {
    visits.push_back(executor.submit(Gate::pass, gate.name()));
    gate.await_arrival();
  }
  const auto shared = values(40);
  std::vector<Future<int>> sums;
  for (int i = 0; i < 16; ++i) {
    sums.push_back(executor.submit(size_of_all, shared));
  }
  gate.open();
  const bool are_well =
      std::ranges::all_of(visits, [](const auto& visit) { return visit.outcome().has_value(); }) &&
      std::ranges::all_of(sums, [](const auto& sum) { return gives(sum, 400); });
  return are_well ? static_cast<int>(executor.stats().workers.size()) : 0;
}

TEST(PoolDescriptors, ManyValuesCostNoWorkerWhereFewMayBeOnTheirWay) {
  EXPECT_EQ(as_a_user(workers_for_many_values), 8);
}

/// Descriptors in a socket that nobody reads, until there may be no more.
class AllOnTheirWay {
 public:
  AllOnTheirWay() {
    is_made_ = ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends_.data()) == 0;
    while (is_made_ && send_one()) {
    }
  }
  ~AllOnTheirWay() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  AllOnTheirWay(const AllOnTheirWay&) = delete;
  AllOnTheirWay& operator=(const AllOnTheirWay&) = delete;

  bool are_refused() const { return is_made_ && errno_ == ETOOMANYREFS; }

 private:
  bool send_one() {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
    char byte = 0;
    iovec content{&byte, 1};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_control = room.data();
    message.msg_controllen = room.size();
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), ends_.data(), sizeof(int));
    const bool is_sent = ::sendmsg(ends_[1], &message, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
    errno_ = is_sent ? 0 : errno;
    return is_sent;
  }

  std::array<int, 2> ends_{-1, -1};
  bool is_made_ = false;
  int errno_ = 0;
};

/// How many workers a pool has had, which shares a value while the kernel takes no descriptor; 0:
/// the task has failed.
int workers_for_a_value_that_waits() {
  ProcessPoolExecutor executor(1);
  if (executor.submit(size_of_all, values(0)).get() != 0) {
    return 0;
  }
  const auto shared = values(1);
  auto others = std::make_unique<AllOnTheirWay>();
  if (!others->are_refused()) {
    return -1;
  }
  const auto sum = executor.submit(size_of_all, shared);
  others.reset();
  return gives(sum, 10) ? static_cast<int>(executor.stats().workers.size()) : 0;
}

TEST(PoolDescriptors, AValueWaitsWhileTheKernelTakesNoneAndItsWorkerLives) {
  EXPECT_EQ(as_a_user(workers_for_a_value_that_waits), 1);
}

}  // namespace
}  // namespace bulkhead
