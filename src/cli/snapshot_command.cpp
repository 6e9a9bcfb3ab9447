#include "cli/snapshot_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/outcome.hpp"
#include "cli/snapshot_view.hpp"
#include "http/gzip_bytes.hpp"
#include "os/file.hpp"

namespace cluster_lab::cli {
namespace {

constexpr std::size_t kLargestSnapshot = std::size_t{96} << 20U;

std::unexpected<Error> noSnapshot(const std::string& file, const Error& why) {
  return fail(why.code, file + " is no snapshot of a registry: " + why.message,
              "give a file that cluster-lab snapshot save or GET /v1/snapshot made");
}

/// What is in the file's content, if that is a snapshot.
Result<SnapshotView> viewOf(const std::string& content, const std::string& file) {
  const auto archive = http::gunzip(content, kLargestSnapshot);
  if (!archive) return noSnapshot(file, archive.error());
  auto view = parseSnapshot(*archive);
  if (!view) return noSnapshot(file, view.error());
  return view;
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
  const auto& file = invocation.operands.front();
  const auto content = os::readFile(file, kLargestSnapshot);
  if (!content) return complain(content.error());
  if (const auto view = viewOf(*content, file); !view) return complain(view.error());
  const auto done = registry.put("/v1/snapshot", *content);
  if (!done) return complain(done.error());
  return tell(invocation, *content, "Restored from");
}

Exit inspect(const Invocation& invocation) {
  const auto& file = invocation.operands.front();
  const auto content = os::readFile(file, kLargestSnapshot);
  if (!content) return complain(content.error());
  const auto view = viewOf(*content, file);
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
