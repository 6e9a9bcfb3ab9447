#include "cli/snapshot_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/outcome.hpp"
#include "cli/snapshot_view.hpp"
#include "os/file.hpp"

namespace cluster_lab::cli {
namespace {

constexpr std::size_t kLargestSnapshot = std::size_t{512} << 20U;

/// The file's content, if it is a snapshot.
Result<std::string> readSnapshot(const std::string& file) {
  auto content = os::readFile(file, kLargestSnapshot);
  if (!content) return fail(content.error());
  if (const auto view = parseSnapshot(*content); !view) return fail(view.error().during(file));
  return content;
}

Exit tell(const Invocation& invocation, const std::string& content, const std::string& done) {
  const auto& file = invocation.operands.front();
  if (invocation.json) {
    std::cout << nlohmann::json{{"file", file}, {"bytes", content.size()}}.dump(2) << "\n";
  } else {
    std::cout << done << " " << file << ", " << content.size() << " bytes\n";
  }
  return Exit::Ok;
}

Exit save(const Invocation& invocation, const RegistryClient& registry) {
  const auto answer = registry.get("/v1/snapshot", std::chrono::minutes(1));
  if (!answer) return complain(answer.error());
  const auto written = os::writeFile(invocation.operands.front(), answer->body, 0600);
  if (!written) return complain(written.error());
  return tell(invocation, answer->body, "Saved to");
}

Exit restore(const Invocation& invocation, const RegistryClient& registry) {
  const auto content = readSnapshot(invocation.operands.front());
  if (!content) return complain(content.error());
  const auto done = registry.put("/v1/snapshot", *content);
  if (!done) return complain(done.error());
  return tell(invocation, *content, "Restored from");
}

Exit inspect(const Invocation& invocation) {
  const auto content = readSnapshot(invocation.operands.front());
  if (!content) return complain(content.error());
  const auto view = parseSnapshot(*content);
  if (!view) return complain(view.error());
  std::cout << (invocation.json ? snapshotJson(*view) : renderSnapshot(*view));
  return Exit::Ok;
}

}  // namespace

Exit runSnapshot(const Invocation& invocation, const RegistryClient& registry) {
  if (invocation.action == "save") return save(invocation, registry);
  if (invocation.action == "restore") return restore(invocation, registry);
  return inspect(invocation);
}

}  // namespace cluster_lab::cli
