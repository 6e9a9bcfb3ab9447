// cluster-labd: the daemon. Exit codes: 0 stopped, 1 failed, 78 a mistake in the configuration.
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/version.hpp"
#include "daemon/app.hpp"
#include "daemon/new_identity.hpp"
#include "daemon/restore_network.hpp"
#include "os/log.hpp"
#include "os/memory.hpp"

namespace {

using namespace cluster_lab;

int restore(const config::Settings& settings) {
  const auto done = daemon::restoreNetwork(settings);
  if (done) return 0;
  os::log::error(done.error().during("restore the network").text());
  return 1;
}

/// One life: until the daemon is stopped, or has to go on as another node.
int live(const config::Settings& settings) {
  const auto app = daemon::App::create(settings);
  if (!app) {
    os::log::error(app.error().text());
    return 1;
  }
  const auto code = (*app)->run();
  if (code) return *code;
  os::log::error(code.error().text());
  return 1;
}

int serve(const config::Settings& settings) {
  os::log::enableDebug(settings.debug);
  os::log::info("Cluster Lab " + std::string(config::productVersion()) + " starts");
  while (true) {
    const int code = live(settings);
    if (code != daemon::App::kIdentityTaken) return code;
    if (const auto done = daemon::takeNewIdentity(settings.dataDirectory); !done) {
      os::log::error(done.error().text());
      return 1;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hangs up is an error of the call
  os::keepHeapSmall();
  std::vector<const char*> arguments;
  bool restoring = false;
  for (int i = 0; i < argc; ++i) {
    if (i > 0 && std::string(argv[i]) == "--restore-network") {
      restoring = true;
    } else {
      arguments.push_back(argv[i]);
    }
  }
  const auto loaded = config::load(static_cast<int>(arguments.size()), arguments.data());
  if (loaded.exitCode) {
    std::fputs(loaded.output.c_str(), *loaded.exitCode == 0 ? stdout : stderr);
    return *loaded.exitCode;
  }
  return restoring ? restore(loaded.settings) : serve(loaded.settings);
}
