// cluster-lab-lease: dnsmasq and udhcpc call it as their script; it passes the call on to the
// daemon and prints the answer.
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "dhcp/hook_call.hpp"
#include "os/unix_socket.hpp"

namespace cluster_lab::dhcp {
namespace {

constexpr std::chrono::seconds kPatience{3};

HookCall thisCall(int argc, char** argv) {
  HookCall call;
  call.arguments.assign(argv + 1, argv + argc);
  for (const char* name : kHookVariables) {
    if (const char* value = std::getenv(name)) call.environment[name] = value;
  }
  call.environment[kNowVariable] = std::to_string(std::time(nullptr));
  return call;
}

Result<std::string> askDaemon(const HookCall& call) {
  const char* socket = std::getenv(kSocketVariable);
  if (call.arguments.empty() || socket == nullptr) {
    return fail(ErrorCode::InvalidArgument, "dnsmasq and udhcpc of cluster-labd call this program",
                "nothing to do by hand; see 'cluster-lab status'");
  }
  const auto message = os::askUnixServer(socket, encode(call), kPatience);
  if (!message) return fail(message.error().during("ask cluster-labd"));
  const auto answer = decodeHookAnswer(*message);
  if (!answer) return fail(answer.error());
  if (!answer->ok) return fail(ErrorCode::Unavailable, answer->text);
  return answer->text;
}

}  // namespace
}  // namespace cluster_lab::dhcp

int main(int argc, char** argv) {
  using namespace cluster_lab::dhcp;
  const auto printed = askDaemon(thisCall(argc, argv));
  if (!printed) {
    std::cerr << "cluster-lab-lease: " << printed.error().text() << '\n';
    return EXIT_FAILURE;
  }
  std::cout << *printed << std::flush;
  return std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}
