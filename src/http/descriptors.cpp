#include "http/descriptors.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>

namespace cluster_lab::http {

int movedUp(int descriptor) {
  const int higher = ::fcntl(descriptor, F_DUPFD_CLOEXEC, FD_SETSIZE);
  if (higher < 0) return descriptor;
  ::close(descriptor);
  return higher;
}

void makeRoomFor(std::size_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const auto wanted = std::min<rlim_t>(FD_SETSIZE + count, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace cluster_lab::http
