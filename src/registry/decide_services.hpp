#pragma once

#include "registry/decide.hpp"

namespace cluster_lab::registry::decide {

/// Makes the catalog of that node show exactly these services and checks, all but serfHealth. The
/// same again changes nothing. NotFound: no such node. InvalidArgument: a service or check of
/// another node, one without an id, or a check of a service that is not among them.
[[nodiscard]] Result<Decision<bool>> syncServices(const State& state, const NodeServices& wanted);

/// The service unless the catalog has it so already.
/// Why a client may not touch it.
inline constexpr const char* kOwnService =
    "service 'cluster-lab' of a member is its own, and stays";
/// Is it a member's service `cluster-lab`, which nobody else may change or take away?
[[nodiscard]] bool isClusterService(const State& state, const NodeId& node,
                                    std::string_view service);
[[nodiscard]] Decision<bool> putService(const State& state, const Service& service);
[[nodiscard]] Decision<bool> putCheck(const State& state, const Check& check);
/// With its checks. The answer: whether it was there.
[[nodiscard]] Decision<bool> removeService(const State& state, const NodeId& node,
                                           std::string_view service);
[[nodiscard]] Decision<bool> removeCheck(const State& state, const NodeId& node,
                                         std::string_view check);

}  // namespace cluster_lab::registry::decide
