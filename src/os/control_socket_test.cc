#include "os/control_socket.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

struct ControlSocketTest : testing::Test {
  static auto as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

  /// The text of the next message; nullopt: there is none.
  std::optional<std::string> receive_text(std::size_t room = 100) {
    std::string text(room, '\0');
    auto message = second.try_receive(std::as_writable_bytes(std::span(text)));
    EXPECT_TRUE(message.has_value());
    if (!*message) {
      return std::nullopt;
    }
    text.resize((*message)->bytes);
    fds = std::move((*message)->fds);
    return text;
  }

  std::pair<ControlSocket, ControlSocket> ends = std::move(*ControlSocket::create_pair());
  ControlSocket& first = ends.first;
  ControlSocket& second = ends.second;
  std::vector<UniqueFd> fds;
};

TEST_F(ControlSocketTest, MessagesArriveWholeAndInOrder) {
  ASSERT_TRUE(first.send(as_bytes("one")));
  ASSERT_TRUE(first.send(as_bytes("two and more")));
  EXPECT_EQ(receive_text(), "one");
  EXPECT_EQ(receive_text(), "two and more");
  EXPECT_EQ(receive_text(), std::nullopt);
}

TEST_F(ControlSocketTest, DescriptorsArriveAsTheReceiversOwn) {
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const std::array fd_numbers{null.get(), first.fd(), null.get(), null.get()};
  ASSERT_TRUE(first.send(as_bytes("fds"), fd_numbers));
  EXPECT_EQ(receive_text(), "fds");
  ASSERT_EQ(fds.size(), 4U);
  struct stat sent {};
  struct stat received {};
  ::fstat(null.get(), &sent);
  ::fstat(fds[0].get(), &received);
  EXPECT_EQ(sent.st_rdev, received.st_rdev);
  EXPECT_NE(fds[0].get(), null.get());
  for (const auto& fd : fds) {
    EXPECT_NE(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST_F(ControlSocketTest, ClosedEndIsAMessageOfNoBytes) {
  ASSERT_TRUE(first.send(as_bytes("last words")));
  first.close();
  EXPECT_EQ(receive_text(), "last words");
  EXPECT_EQ(receive_text(), "");
}

TEST_F(ControlSocketTest, EndThatDiedWithMessagesUnreadIsClosed) {
  ASSERT_TRUE(second.send(as_bytes("unread")));
  first.close();
  EXPECT_EQ(receive_text(), "");
}

TEST_F(ControlSocketTest, SendingToAClosedEndIsAnErrorAndNoSignal) {
  second.close();
  const auto sent = first.send(as_bytes("x"));
  ASSERT_FALSE(sent.has_value());
  EXPECT_EQ(sent.error().code, EPIPE);
}

TEST_F(ControlSocketTest, EndsAreClosedOnExec) {
  EXPECT_NE(::fcntl(first.fd(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(::fcntl(second.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ControlSocketTest, DescriptorsThatNobodyTakesAreClosed) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK), 0);
  const UniqueFd reader(pipe[0]);
  UniqueFd writer(pipe[1]);
  const std::array sent{writer.get()};
  ASSERT_TRUE(first.send(as_bytes("fd"), sent));
  writer.reset();
  receive_text();
  fds.clear();
  char byte = 0;
  EXPECT_EQ(::read(reader.get(), &byte, 1), 0);  // The end: no writer is left.
}

}  // namespace
}  // namespace bulkhead::os
