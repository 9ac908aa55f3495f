#include "os/threads.h"

#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "os/futex.h"

namespace bulkhead::os {
namespace {

struct ThreadsTest : testing::Test {
  /// A thread that was joined may still be listed for a moment.
  void TearDown() override {
    while (foreign_thread_count() != 1) {
      std::this_thread::yield();
    }
  }
};

TEST_F(ThreadsTest, OneThreadIsTheCaller) {
  EXPECT_EQ(foreign_thread_count(), 1U);
}

TEST_F(ThreadsTest, ForeignThreadsAreCounted) {
  std::latch over(1);
  std::latch started(2);
  const auto wait = [&] {
    started.count_down();
    over.wait();
  };
  std::jthread one(wait);
  std::jthread two(wait);
  started.wait();
  EXPECT_EQ(foreign_thread_count(), 3U);
  over.count_down();
}

TEST_F(ThreadsTest, ThreadsOfTheLibraryAreNotCounted) {
  std::latch over(1);
  LibraryThread::announce();
  std::jthread library([&] {
    const LibraryThread counted;
    over.wait();
  });
  EXPECT_EQ(foreign_thread_count(), 1U);
  over.count_down();
}

TEST_F(ThreadsTest, SignalsAreBlockedWhileTheGuardLives) {
  const auto is_blocked = [] {
    sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    return ::sigismember(&mask, SIGUSR1) == 1;
  };
  EXPECT_FALSE(is_blocked());
  {
    const SignalsBlocked guard;
    EXPECT_TRUE(is_blocked());
    bool in_thread = false;
    std::jthread([&] { in_thread = is_blocked(); }).join();
    EXPECT_TRUE(in_thread);
  }
  EXPECT_FALSE(is_blocked());
}

bool is_on_my_stack(const void* address) {
  const auto stack = stack_in_use();
  const auto* byte = static_cast<const std::byte*>(address);
  return byte >= stack.data() && byte < stack.data() + stack.size();
}

TEST_F(ThreadsTest, StackInUseHoldsTheLocalsOfItsThread) {
  static int elsewhere = 0;
  volatile int here = 0;
  EXPECT_TRUE(is_on_my_stack(const_cast<int*>(&here)));
  EXPECT_FALSE(is_on_my_stack(&elsewhere));
  std::jthread([&] {
    volatile int there = 0;
    EXPECT_TRUE(is_on_my_stack(const_cast<int*>(&there)));
    EXPECT_FALSE(is_on_my_stack(const_cast<int*>(&here)));
  }).join();
}

TEST_F(ThreadsTest, WhatWasLeftOnTheStackByAFinishedCallIsNotInUse) {
  EXPECT_LT(stack_in_use().data(), static_cast<const void*>(__builtin_frame_address(0)));
  EXPECT_GT(stack_in_use().data() + 4096, static_cast<const void*>(__builtin_frame_address(0)));
}

TEST(FutexTest, WordThatHasChangedIsNotWaitedFor) {
  const std::atomic<std::uint32_t> word{2};
  futex_wait(word, 1);
}

TEST(FutexTest, SleeperIsWoken) {
  std::atomic<std::uint32_t> word{0};
  std::jthread sleeper([&word] {
    while (word == 0) {
      futex_wait(word, 0);
    }
  });
  word = 1;
  futex_wake(word);
}

}  // namespace
}  // namespace bulkhead::os
