#include "cli/storage_command.hpp"

#include <iostream>
#include <string>

#include "base/text.hpp"
#include "cli/outcome.hpp"
#include "cli/storage_view.hpp"
#include "http/target.hpp"

namespace cluster_lab::cli {
namespace {

constexpr const char* kStorage = "/cluster/v1/registry/storage";
constexpr const char* kRecovery = "/cluster/v1/registry/recovery";
constexpr std::chrono::seconds kMoveTime{
    60};  // a server of etcd begins, the whole state is written

Exit showStorage(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto answer = registry.get(kStorage);
  if (!answer) return complain(answer.error());
  const auto storage = parseStorage(answer->body);
  if (!storage) return complain(storage.error());
  std::cout << (invocation.json ? pretty(answer->body) : renderStorage(*storage, style));
  return exitFor(storage->isWell());
}

void tellDone(const Invocation& invocation, const std::string& text) {
  std::cout << (invocation.json ? std::string("{\"done\": true}\n") : text);
}

Exit convert(const Invocation& invocation, const RegistryClient& registry) {
  const auto& kind = invocation.operands.front();
  const auto moved =
      registry.put(std::string(kStorage) + "?kind=" + http::encodeComponent(kind), {}, kMoveTime);
  if (!moved) return complain(moved.error());
  tellDone(invocation,
           "The registry is kept in " + kind + " from now on. See: cluster-lab registry status\n");
  return Exit::Ok;
}

bool agrees(const std::string& question) {
  std::cout << question << "Go on? Type yes: " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return trim(answer) == "yes";
}

Exit recover(const Invocation& invocation, const RegistryClient& registry) {
  const auto answer = registry.get(kStorage);
  if (!answer) return complain(answer.error());
  const auto storage = parseStorage(answer->body);
  if (!storage) return complain(storage.error());
  const bool possible = storage->isShared() && !storage->majority && !storage->loss.empty();
  if (possible && !invocation.yes && !agrees(renderRecovery(*storage))) {
    std::cout << "Nothing was changed.\n";
    return Exit::Wrong;
  }
  const auto done = registry.put(kRecovery, {}, kMoveTime);
  if (!done) return complain(done.error());
  tellDone(invocation, "This node goes on alone, and leads within half a minute.\n");
  return Exit::Ok;
}

}  // namespace

Exit runStorage(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  if (invocation.action == "convert") return convert(invocation, registry);
  if (invocation.action == "recover") return recover(invocation, registry);
  return showStorage(invocation, registry, style);
}

}  // namespace cluster_lab::cli
