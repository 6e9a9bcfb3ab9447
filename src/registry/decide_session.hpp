#pragma once

#include <string>
#include <string_view>

#include "registry/decide.hpp"
#include "registry/session_request.hpp"

namespace cluster_lab::registry::decide {

/// The key of a session's row: clients may write the UUID in capitals.
[[nodiscard]] std::string sessionKey(std::string_view id);

/// nullptr: there is none. InvalidArgument: no UUID, in Consul's words.
[[nodiscard]] Result<const Stored<Session>*> findSession(const State& state, std::string_view id);

/// Makes a session with that id; the answer is the id. NotFound: a node or check is not known, or
/// a check is critical; InvalidArgument: a wish that Consul refuses. Both in Consul's words.
[[nodiscard]] Result<Decision<std::string>> createSession(const State& state,
                                                          const SessionRequest& request,
                                                          const std::string& id);

/// The answer: whether it was there. InvalidArgument: no UUID.
[[nodiscard]] Result<Decision<bool>> destroySession(const State& state, std::string_view id);

}  // namespace cluster_lab::registry::decide
