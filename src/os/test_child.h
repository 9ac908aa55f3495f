#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include <gtest/gtest.h>

#include "os/system_error.h"

/// For tests of what a process cannot take back: each in a child of its own.
namespace bulkhead::os::test {

/// How a child ended that did this and exited with what it gave, as waitpid(2) says it.
template <class Action>
int ending_of(Action action) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(action());
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

/// The same of one that must not be killed: its exit status; -1: it was.
template <class Action>
int result_of(Action action) {
  const int status = ending_of(action);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The errno of a call that gave this; 0: it succeeded.
inline int error_of(long result) {
  return result < 0 ? errno : 0;
}

/// What a child exits with that could not be made what the test needs.
inline constexpr int kNotReady = 250;

}  // namespace bulkhead::os::test
