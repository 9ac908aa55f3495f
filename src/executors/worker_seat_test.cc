#include "executors/worker_seat.h"

#include <fcntl.h>

#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "transport/worker_end.h"

namespace bulkhead::executors {
namespace {

using transport::kMaxInFlight;

/// A seat, and the end of the channel that its worker would have.
class WorkerSeatTest : public testing::Test {
 protected:
  WorkerSeatTest() : seat_(std::move(*transport::ProgramEnd::create("test"))) {
    const auto copy = [](int fd) { return os::UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); };
    const transport::ProgramEnd& channel = seat_.channel();
    worker_ = std::move(*transport::WorkerEnd::open(
        copy(channel.request_memory()), copy(channel.reply_memory()),
        os::Doorbell(copy(channel.doorbell())), os::ControlSocket(copy(channel.handover()))));
  }

  bool may_start(std::uint64_t call) { return worker_->claim(call, false); }

  WorkerSeat seat_;
  std::unique_ptr<transport::WorkerEnd> worker_;
};

TEST_F(WorkerSeatTest, ABanEndsWithItsCall) {
  seat_.ban(0, 2);
  EXPECT_FALSE(may_start(0));
  EXPECT_FALSE(may_start(1));
  seat_.close_calls(0, 1);
  EXPECT_FALSE(may_start(1));
  EXPECT_TRUE(may_start(kMaxInFlight));
}

TEST_F(WorkerSeatTest, ABanThatComesAfterTheEndOfItsCallForbidsNoLaterOne) {
  seat_.close_calls(0, 5);
  seat_.ban(2, 8);
  EXPECT_FALSE(may_start(5));
  EXPECT_FALSE(may_start(7));
  EXPECT_TRUE(may_start(kMaxInFlight + 2));
  EXPECT_TRUE(may_start(kMaxInFlight + 4));
}

}  // namespace
}  // namespace bulkhead::executors
