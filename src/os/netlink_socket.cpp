#include "os/netlink_socket.hpp"

#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <utility>

#include "os/system_error.hpp"

namespace cluster_lab::os {
namespace {

constexpr timeval kAnswerWithin{2, 0};

/// NLMSGERR_ATTR_MSG: the kernel's own words (netlink(7), NETLINK_EXT_ACK); empty: none.
std::string extendedText(const nlmsgerr* error) {
  const auto* const header =
      reinterpret_cast<const nlmsghdr*>(reinterpret_cast<const char*>(error) - NLMSG_HDRLEN);
  if ((header->nlmsg_flags & NLM_F_ACK_TLVS) == 0) return {};
  std::size_t skip = sizeof(nlmsgerr);
  if ((header->nlmsg_flags & NLM_F_CAPPED) == 0) skip += error->msg.nlmsg_len - sizeof(nlmsghdr);
  skip = NLMSG_ALIGN(skip);
  const std::size_t payload = header->nlmsg_len - static_cast<std::size_t>(NLMSG_HDRLEN);
  if (header->nlmsg_len < static_cast<std::size_t>(NLMSG_HDRLEN) || skip >= payload) return {};
  const auto* const attributes =
      reinterpret_cast<const nlattr*>(reinterpret_cast<const char*>(error) + skip);
  const nlattr* const text =
      nla_find(attributes, static_cast<int>(payload - skip), NLMSGERR_ATTR_MSG);
  if (text == nullptr) return {};
  std::string words(static_cast<const char*>(nla_data(text)),
                    static_cast<std::size_t>(nla_len(text)));
  return words.substr(0, words.find('\0'));
}

}  // namespace

Result<std::unique_ptr<NetlinkSocket>> NetlinkSocket::open() {
  std::unique_ptr<NetlinkSocket> opened(new NetlinkSocket);
  if (auto connected = opened->connect(); !connected) return fail(connected.error());
  return opened;
}

NetlinkSocket::~NetlinkSocket() {
  nl_socket_free(socket_);
}

Result<void> NetlinkSocket::connect() {
  nl_socket_free(socket_);
  socket_ = nl_socket_alloc();
  if (socket_ == nullptr) return fail(systemError("open a netlink socket", ENOMEM));
  if (const int result = nl_connect(socket_, NETLINK_ROUTE); result < 0) {
    return fail(ErrorCode::Io, std::string("open a netlink socket: ") + nl_geterror(result));
  }
  const int on = 1;
  const int fd = nl_socket_get_fd(socket_);
  // Kernels before 4.12 have no words; their errno alone will do.
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kAnswerWithin, sizeof kAnswerWithin) != 0) {
    return failErrno("limit the netlink socket's time");
  }
  const auto onError = [](sockaddr_nl*, nlmsgerr* error, void* self) -> int {
    static_cast<NetlinkSocket*>(self)->remember(error);
    return NL_STOP;  // libnl makes its own code of it
  };
  nl_socket_modify_err_cb(socket_, NL_CB_CUSTOM, onError, this);
  return {};
}

void NetlinkSocket::remember(const nlmsgerr* error) {
  kernelErrno_ = -error->error;
  kernelText_ = extendedText(error);
}

Result<void> NetlinkSocket::request(std::string_view doing,
                                    const std::function<int(nl_sock*)>& call) {
  constexpr int kTries = 5;
  int result = -NLE_BAD_SOCK;
  for (int tries = 0; tries < kTries; ++tries) {
    kernelErrno_ = 0;
    kernelText_.clear();
    result = call(socket_);
    if (result >= 0) return {};
    if (result != -NLE_DUMP_INTR) break;
  }
  return fail(failure(doing, result));
}

Error NetlinkSocket::failure(std::string_view doing, int result) {
  if (kernelErrno_ != 0) {
    auto error = systemError(doing, kernelErrno_);
    if (!kernelText_.empty()) error.message += " (" + kernelText_ + ")";
    if (kernelErrno_ == EPERM) {
      error.remedy = "run as root or with the capability CAP_NET_ADMIN";
    }
    return error;
  }
  // rtnl_link_get_kernel() keeps the errno to itself, with an error callback of its own.
  if (result == -NLE_NODEV) return systemError(doing, ENODEV);
  // An answer that comes late would be taken for the next request's: begin anew.
  if (auto connected = connect(); !connected) return connected.error();
  if (result == -NLE_AGAIN) {
    return Error{ErrorCode::TimedOut, "the kernel did not answer within 2 s", {}}.during(doing);
  }
  return Error{ErrorCode::Io, nl_geterror(result), {}}.during(doing);
}

}  // namespace cluster_lab::os
