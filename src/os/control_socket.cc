#include "os/control_socket.h"

#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <cstring>

namespace bulkhead::os {

namespace {
constexpr std::size_t kMaxFds = 4;

/// Room for the descriptors of one message, aligned as cmsg(3) asks.
struct alignas(cmsghdr) FdBuffer {
  std::array<char, CMSG_SPACE(kMaxFds * sizeof(int))> bytes{};
};

std::vector<UniqueFd> take_fds(msghdr& header) {
  std::vector<UniqueFd> fds;
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::array<int, kMaxFds> numbers{};
    std::memcpy(numbers.data(), CMSG_DATA(c), count * sizeof(int));
    for (std::size_t i = 0; i < count; ++i) {
      fds.emplace_back(numbers.at(i));
    }
  }
  return fds;
}
}  // namespace

Result<std::pair<ControlSocket, ControlSocket>> ControlSocket::create_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return last_error("socketpair");
  }
  auto first = beyond_standard_streams(UniqueFd(ends[0]));
  auto second = beyond_standard_streams(UniqueFd(ends[1]));
  if (!first || !second) {
    return last_error("socketpair");
  }
  return std::pair(ControlSocket(std::move(first)), ControlSocket(std::move(second)));
}

ssize_t ControlSocket::send_message(std::span<const std::byte> message, std::span<const int> fds,
                                    int flags) const {
  assert(fds.size() <= kMaxFds);
  iovec content{const_cast<std::byte*>(message.data()), message.size()};
  FdBuffer buffer;
  msghdr header{};
  header.msg_iov = &content;
  header.msg_iovlen = 1;
  if (!fds.empty()) {
    header.msg_control = buffer.bytes.data();
    header.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(fd_.get(), &header, MSG_NOSIGNAL | flags);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

Result<void> ControlSocket::send(std::span<const std::byte> message,
                                 std::span<const int> fds) const {
  if (send_message(message, fds, 0) < 0) {
    return last_error("send to the control socket");
  }
  return {};
}

Result<bool> ControlSocket::try_send(std::span<const std::byte> message,
                                     std::span<const int> fds) const {
  const ssize_t sent = send_message(message, fds, MSG_DONTWAIT);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    return false;
  }
  if (sent < 0) {
    return last_error("send to the control socket");
  }
  return true;
}

Result<std::optional<ControlSocket::Message>> ControlSocket::try_receive(
    std::span<std::byte> into) const {
  iovec content{into.data(), into.size()};
  FdBuffer buffer;
  msghdr header{};
  header.msg_iov = &content;
  header.msg_iovlen = 1;
  header.msg_control = buffer.bytes.data();
  header.msg_controllen = buffer.bytes.size();
  ssize_t received = 0;
  do {
    received = ::recvmsg(fd_.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    return std::optional<Message>();
  }
  if (received < 0 && errno == ECONNRESET) {
    received = 0;  // The other end died with messages unread: for us it is closed.
  }
  if (received < 0) {
    return last_error("receive from the control socket");
  }
  return std::optional(Message{static_cast<std::size_t>(received), take_fds(header)});
}

}  // namespace bulkhead::os
