#pragma once

#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/time.hpp"
#include "etcd/server_command.hpp"
#include "registry/change_set.hpp"

/// When the majority of etcd's members is lost for good: one of those left goes on alone with what
/// it has.
namespace cluster_lab::etcd {

class Client;

/// How far the registry goes that one server has by itself; it answers without a majority, too.
[[nodiscard]] Result<registry::Position> positionAt(Client& client, Ipv4 server,
                                                    TimePoint deadline);
/// What going on from a server's copy loses where the cluster is known to have come to `known`, in
/// a sentence.
[[nodiscard]] std::string describeLoss(const registry::Position& copy,
                                       const registry::Position& known);
/// Makes a server's data those of a cluster with no other member. Blocks while a server runs for
/// it; the next one is started as ever. Conflict: one runs already. Unavailable: etcd ended, with
/// its last words. TimedOut: it did not come to it before the deadline.
[[nodiscard]] Result<void> forgetOthers(const ServerSettings& settings, TimePoint deadline);

}  // namespace cluster_lab::etcd
