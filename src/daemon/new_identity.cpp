#include "daemon/new_identity.hpp"

#include "daemon/node_identity.hpp"
#include "os/log.hpp"
#include "registry/set_aside.hpp"

namespace cluster_lab::daemon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWhy = "twin";

}  // namespace

Result<void> takeNewIdentity(const fs::path& dataDirectory) {
  for (const auto* name : {"registry.db", "etcd"}) {
    std::error_code ignored;
    if (!fs::exists(dataDirectory / name, ignored)) continue;
    const auto kept = registry::setAside(dataDirectory / name, kWhy);
    if (!kept) return fail(kept.error());
    os::log::info("set aside as " + kept->string());
  }
  const auto made = NodeIdentity::makeNew(dataDirectory);
  if (!made) return fail(made.error().during("take a new identity"));
  os::log::info("this node is " + made->id().toString() + " from now on");
  return {};
}

}  // namespace cluster_lab::daemon
