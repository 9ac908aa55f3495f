#include "os/poller.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <ctime>

namespace bulkhead::os {

namespace {
using Clock = std::chrono::steady_clock;

itimerspec alarm_at(std::optional<Clock::time_point> when) {
  itimerspec spec{};
  if (when) {
    // All zero would switch the alarm off: a time in the past becomes the first nanosecond.
    const auto since = std::max(when->time_since_epoch(), Clock::duration(1));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
    spec.it_value.tv_sec = seconds.count();
    spec.it_value.tv_nsec = (since - seconds).count();
  }
  return spec;
}

int milliseconds_until(std::optional<Clock::time_point> deadline) {
  if (!deadline) {
    return -1;
  }
  const auto now = Clock::now();
  if (*deadline <= now) {
    return 0;
  }
  // Rounded up: waking too early would mean to go round in a circle until the deadline.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now);
  return static_cast<int>(std::min<std::int64_t>(left.count(), INT_MAX));
}
}  // namespace

Result<Poller> Poller::create() {
  auto epoll = beyond_standard_streams(UniqueFd(::epoll_create1(EPOLL_CLOEXEC)));
  if (!epoll) {
    return last_error("epoll_create1");
  }
  // std::chrono::steady_clock is CLOCK_MONOTONIC in libstdc++.
  auto timer = beyond_standard_streams(
      UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)));
  if (!timer) {
    return last_error("timerfd_create");
  }
  const int timer_fd = timer.get();
  Poller poller(std::move(epoll), std::move(timer));
  if (auto watched = poller.watch(timer_fd, kAlarm); !watched) {
    return Unexpected(std::move(watched).error());
  }
  return poller;
}

Result<void> Poller::watch(int fd, Tag tag) const {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = tag;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return last_error("epoll_ctl");
  }
  return {};
}

void Poller::set_alarm(std::optional<Clock::time_point> when) const {
  const itimerspec spec = alarm_at(when);
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

std::vector<Poller::Tag> Poller::wait(std::optional<Clock::time_point> deadline) const {
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 milliseconds_until(deadline));
  std::vector<Tag> tags;
  tags.reserve(static_cast<std::size_t>(std::max(count, 0)));
  for (int i = 0; i < count; ++i) {  // A signal gives -1: nothing happened.
    tags.push_back(events.at(static_cast<std::size_t>(i)).data.u64);
  }
  return tags;
}

}  // namespace bulkhead::os
