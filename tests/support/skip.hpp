#pragma once

#include <string>

namespace cluster_lab::test {

/// Says that the running case cannot run here, and why; then return from the case. Counted on the
/// executable's last line and printed as "SKIP <case>: <reason>". At most once a case.
void skip(const std::string& reason);

}  // namespace cluster_lab::test
