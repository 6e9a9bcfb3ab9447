#include "os/system_error.hpp"

#include <cerrno>
#include <system_error>

namespace cluster_lab::os {

ErrorCode errorCodeOf(int number) {
  switch (number) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ESRCH:
    case EADDRNOTAVAIL:
      return ErrorCode::NotFound;
    case EPERM:
    case EACCES:
    case EROFS:
      return ErrorCode::PermissionDenied;
    case EEXIST:
      return ErrorCode::AlreadyExists;
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
    case ENOSYS:
      return ErrorCode::Unsupported;
    case EAGAIN:
    case ENETDOWN:
    case ENETUNREACH:
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE:
      return ErrorCode::Unavailable;
    case ETIMEDOUT:
      return ErrorCode::TimedOut;
    case EADDRINUSE:
    case EBUSY:
      return ErrorCode::Conflict;
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case ENOBUFS:
    case EMFILE:
    case ENFILE:
      return ErrorCode::Exhausted;
    case EINVAL:
    case ENAMETOOLONG:
    case EMSGSIZE:
      return ErrorCode::InvalidArgument;
    default:
      return ErrorCode::Io;
  }
}

Error systemError(std::string_view doing, int number) {
  const auto text = std::system_category().message(number);
  return Error{errorCodeOf(number), text, {}}.during(doing);
}

std::unexpected<Error> failErrno(std::string_view doing) {
  return fail(systemError(doing, errno));
}

}  // namespace cluster_lab::os
