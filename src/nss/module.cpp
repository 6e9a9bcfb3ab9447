// What the C library calls for "hosts: ... cluster_lab ..." of /etc/nsswitch.conf: names below
// "consul" are asked of this node's DNS server, all others are left to the services after this one.
#include <cerrno>

#include "nss/host_entry.hpp"

namespace {

using cluster_lab::nss::Arena;
using cluster_lab::nss::Host;
using cluster_lab::nss::Wanted;

struct Failure {
  int* error;
  int* hostError;

  nss_status tell(nss_status status, int number, int host) const {
    *error = number;
    *hostError = host;
    return status;
  }
  /// The caller comes again with more memory.
  [[nodiscard]] nss_status tooSmall() const {
    return tell(NSS_STATUS_TRYAGAIN, ERANGE, NETDB_INTERNAL);
  }
  [[nodiscard]] nss_status of(Host::Outcome outcome) const {
    switch (outcome) {
      case Host::Outcome::NoSuchHost:
        return tell(NSS_STATUS_NOTFOUND, ENOENT, HOST_NOT_FOUND);
      case Host::Outcome::NoAddress:
        return tell(NSS_STATUS_NOTFOUND, ENOENT, NO_DATA);
      default:
        return tell(NSS_STATUS_UNAVAIL, EAGAIN, TRY_AGAIN);
    }
  }
};

nss_status hostByName(const char* name, int family, hostent* entry, Arena arena, Failure failure) {
  if (family != AF_INET && family != AF_INET6) {
    return failure.tell(NSS_STATUS_UNAVAIL, EAFNOSUPPORT, NO_DATA);
  }
  const auto host =
      cluster_lab::nss::lookUp(name, {.ipv4 = family == AF_INET, .ipv6 = family == AF_INET6});
  const bool hasAny = family == AF_INET ? !host.ipv4.empty() : !host.ipv6.empty();
  if (host.outcome != Host::Outcome::Found) return failure.of(host.outcome);
  if (!hasAny) return failure.of(Host::Outcome::NoAddress);
  return writeEntry(host, name, family, arena, *entry) ? NSS_STATUS_SUCCESS : failure.tooSmall();
}

}  // namespace

// No exception may leave: the caller is written in C. Only memory can be missing here.
extern "C" {

// The C library says what parameters there are.
// NOLINTNEXTLINE(readability-function-size)
nss_status _nss_cluster_lab_gethostbyname2_r(const char* name, int family, hostent* entry,
                                             char* buffer, size_t size, int* error,
                                             int* hostError) {
  const Failure failure{error, hostError};
  try {
    return hostByName(name, family, entry, Arena(buffer, size), failure);
  } catch (...) {
    return failure.tell(NSS_STATUS_TRYAGAIN, ENOMEM, NETDB_INTERNAL);
  }
}

nss_status _nss_cluster_lab_gethostbyname_r(const char* name, hostent* entry, char* buffer,
                                            size_t size, int* error, int* hostError) {
  return _nss_cluster_lab_gethostbyname2_r(name, AF_INET, entry, buffer, size, error, hostError);
}

// NOLINTNEXTLINE(readability-function-size)
nss_status _nss_cluster_lab_gethostbyname4_r(const char* name, gaih_addrtuple** list, char* buffer,
                                             size_t size, int* error, int* hostError,
                                             std::int32_t* timeToLive) {
  const Failure failure{error, hostError};
  try {
    const auto host = cluster_lab::nss::lookUp(name, Wanted{});
    if (host.outcome != Host::Outcome::Found) return failure.of(host.outcome);
    Arena arena(buffer, size);
    auto* first = writeList(host, name, arena);
    if (first == nullptr) return failure.tooSmall();
    // The caller may have brought the first element itself.
    if (*list != nullptr) {
      **list = *first;
    } else {
      *list = first;
    }
    if (timeToLive != nullptr) *timeToLive = 0;
    return NSS_STATUS_SUCCESS;
  } catch (...) {
    return failure.tell(NSS_STATUS_TRYAGAIN, ENOMEM, NETDB_INTERNAL);
  }
}

}  // extern "C"
