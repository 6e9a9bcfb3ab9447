#include "os/unix_address.hpp"

#include <sys/socket.h>

#include <cstring>

namespace cluster_lab::os {

Result<sockaddr_un> unixAddress(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto& text = path.native();
  if (text.empty() || text.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::InvalidArgument,
                "'" + text + "' is no path for a unix socket: 1 to 107 bytes");
  }
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  return address;
}

}  // namespace cluster_lab::os
