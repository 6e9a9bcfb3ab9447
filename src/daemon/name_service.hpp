#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "config/settings.hpp"
#include "os/event_loop.hpp"

namespace cluster_lab::dns {
class Server;
}
namespace cluster_lab::registry {
class Registry;
}

namespace cluster_lab::daemon {

/// This node's DNS server. Where its port is taken the node goes on without it, says so, and tries
/// again every 5 s. Loop thread only.
class NameService {
 public:
  struct Events {
    std::function<void(const std::string& code, const Error&)> problem;
    std::function<void(const std::string& code)> solved;
  };

  NameService(os::EventLoop& loop, registry::Registry& registry, const config::Settings& settings,
              Events events);
  ~NameService();
  NameService(const NameService&) = delete;
  NameService& operator=(const NameService&) = delete;

  void start();

 private:
  os::EventLoop& loop_;
  registry::Registry& registry_;
  const config::Settings& settings_;
  Events events_;
  os::Timer retry_;
  std::unique_ptr<dns::Server> server_;
};

}  // namespace cluster_lab::daemon
