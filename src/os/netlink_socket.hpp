#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

struct nl_sock;
struct nlmsgerr;

namespace cluster_lab::os {

/// One rtnetlink socket for requests, each acknowledged by the kernel before the next. Loop thread
/// only.
class NetlinkSocket {
 public:
  [[nodiscard]] static Result<std::unique_ptr<NetlinkSocket>> open();
  ~NetlinkSocket();
  NetlinkSocket(const NetlinkSocket&) = delete;
  NetlinkSocket& operator=(const NetlinkSocket&) = delete;

  /// Runs `call`, which gives a libnl result (negative: failure), and again where a dump was
  /// interrupted by a change. The error has the kernel's own errno and words, and is TimedOut where
  /// no answer came for 2 s.
  [[nodiscard]] Result<void> request(std::string_view doing,
                                     const std::function<int(nl_sock*)>& call);
  /// The errno of the request that failed last; 0: it failed before the kernel had it.
  [[nodiscard]] int kernelErrno() const { return kernelErrno_; }

 private:
  NetlinkSocket() = default;
  [[nodiscard]] Result<void> connect();
  [[nodiscard]] Error failure(std::string_view doing, int result);
  void remember(const nlmsgerr* error);

  nl_sock* socket_ = nullptr;
  int kernelErrno_ = 0;
  std::string kernelText_;
};

}  // namespace cluster_lab::os
