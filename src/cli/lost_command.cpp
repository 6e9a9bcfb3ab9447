#include "cli/lost_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/local_time.hpp"
#include "cli/lost_view.hpp"
#include "cli/outcome.hpp"
#include "http/target.hpp"

namespace cluster_lab::cli {
namespace {

constexpr const char* kFiles = "/cluster/v1/lost";

std::string fileTarget(const Invocation& invocation) {
  return std::string(kFiles) + "/" + http::encodeComponent(invocation.operands.front());
}

Exit list(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto answer = registry.get(kFiles);
  if (!answer) return complain(answer.error());
  const auto files = parseLostFiles(answer->body);
  if (!files) return complain(files.error());
  std::cout << (invocation.json ? pretty(answer->body) : renderLostFiles(*files, style, localTime));
  return exitFor(files->empty());
}

Result<registry::LostWrites> fileFrom(const RegistryClient& registry, const std::string& target) {
  const auto answer = registry.get(target, std::chrono::minutes(1));
  if (!answer) return fail(answer.error());
  return registry::lostWritesFromJson(answer->body);
}

Exit show(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto lost = fileFrom(registry, fileTarget(invocation));
  if (!lost) return complain(lost.error());
  std::cout << (invocation.json ? registry::toJson(*lost) : renderLost(*lost, style, localTime));
  return Exit::Ok;
}

/// What became of each step, by its words.
struct Replayed {
  std::vector<std::string> written;
  std::vector<std::string> conflicts;
  std::vector<std::string> failed;  ///< with why

  [[nodiscard]] bool whole() const { return conflicts.empty() && failed.empty(); }
};

void carryOut(const ReplayStep& step, const RegistryClient& registry, Replayed& replayed) {
  const auto answer =
      step.method == "PUT" ? registry.put(step.target, step.body) : registry.remove(step.target);
  if (!answer) {
    replayed.failed.push_back(step.what + ": " + answer.error().message);
  } else if (trim(*answer) == "false") {
    replayed.conflicts.push_back(step.what);
  } else {
    replayed.written.push_back(step.what);
  }
}

Replayed replayAll(const std::vector<ReplayStep>& steps, const Invocation& invocation,
                   const RegistryClient& registry) {
  Replayed replayed;
  for (const auto& step : steps) {
    if (step.contested && !invocation.force) {
      replayed.conflicts.push_back(step.what);
    } else if (invocation.dryRun) {
      replayed.written.push_back(step.what);
    } else {
      carryOut(step, registry, replayed);
    }
  }
  return replayed;
}

std::string linesOf(const std::vector<std::string>& whats, const std::string& fate) {
  std::string text;
  for (const auto& what : whats) text.append(fate).append(": ").append(what).append("\n");
  return text;
}

std::string tell(const Replayed& replayed, const Invocation& invocation) {
  auto text = linesOf(replayed.written, invocation.dryRun ? "would be written" : "written") +
              linesOf(replayed.conflicts, "changed by the winner, left") +
              linesOf(replayed.failed, "failed");
  if (!replayed.conflicts.empty()) text += "With --force the winner's changes are overwritten.\n";
  if (replayed.whole() && !invocation.dryRun) {
    text += "All is written. The file is no longer needed: cluster-lab lost delete " +
            invocation.operands.front() + "\n";
  }
  return text;
}

Exit replay(const Invocation& invocation, const RegistryClient& registry) {
  const auto lost = fileFrom(registry, fileTarget(invocation));
  if (!lost) return complain(lost.error());
  const auto replayed = replayAll(planReplay(*lost, invocation.force), invocation, registry);
  if (invocation.json) {
    const nlohmann::ordered_json json = {{"written", replayed.written},
                                         {"conflicts", replayed.conflicts},
                                         {"failed", replayed.failed}};
    std::cout << json.dump(2) << "\n";
  } else {
    std::cout << tell(replayed, invocation);
  }
  return exitFor(replayed.whole());
}

Exit remove(const Invocation& invocation, const RegistryClient& registry) {
  const auto done = registry.remove(fileTarget(invocation));
  if (!done) return complain(done.error());
  if (invocation.json) std::cout << "{\"done\": true}\n";
  return Exit::Ok;
}

}  // namespace

Exit runLost(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  if (invocation.action == "list") return list(invocation, registry, style);
  if (invocation.action == "show") return show(invocation, registry, style);
  if (invocation.action == "replay") return replay(invocation, registry);
  return remove(invocation, registry);
}

}  // namespace cluster_lab::cli
