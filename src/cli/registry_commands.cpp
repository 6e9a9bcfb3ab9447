#include "cli/registry_commands.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

#include "cli/local_time.hpp"
#include "cli/outcome.hpp"
#include "cli/registry_text.hpp"
#include "cli/standard_input.hpp"
#include "http/target.hpp"

namespace cluster_lab::cli {
namespace {

using namespace std::chrono_literals;

/// What to print, and whether all is well.
struct Shown {
  std::string text;
  bool well = true;
};

template <typename View>
bool allWell(const std::vector<View>& views) {
  return std::ranges::all_of(views, [](const View& view) { return view.health() == "passing"; });
}

Result<Shown> allServices(const std::string& json, const Style& style) {
  const auto services = parseServices(json);
  if (!services) return fail(services.error());
  return Shown{renderServices(*services, style), allWell(*services)};
}

Result<Shown> instances(const std::string& json, const std::string& name, const Style& style) {
  const auto found = parseInstances(json);
  if (!found) return fail(found.error());
  if (found->empty()) {
    return fail(ErrorCode::NotFound, "there is no service '" + name + "'",
                "cluster-lab services lists them");
  }
  return Shown{renderInstances(*found, style), allWell(*found)};
}

/// `?index=..&wait=..` for all that is newer.
std::string newerThan(const std::string& target, const std::string& index) {
  return index.empty() ? target : target + "?index=" + index + "&wait=60s";
}

Exit showHistory(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto answer = registry.get("/cluster/v1/timeline");
  if (!answer) return complain(answer.error());
  const auto moments = parseTimeline(answer->body);
  if (!moments) return complain(moments.error());
  std::cout << (invocation.json ? pretty(answer->body)
                                : renderTimeline(*moments, style, localTime));
  return Exit::Ok;
}

Exit fireEvent(const Invocation& invocation, const RegistryClient& registry) {
  const auto& operands = invocation.operands;
  const auto payload = operands.size() > 1 ? orStandardInput(operands[1]) : "";
  const auto fired =
      registry.put("/v1/event/fire/" + http::encodeComponent(operands.front()), payload);
  if (!fired) return complain(fired.error());
  if (invocation.json) std::cout << pretty(*fired);
  return Exit::Ok;
}

}  // namespace

Exit showServices(const Invocation& invocation, const RegistryClient& registry,
                  const Style& style) {
  const auto name = invocation.operands.empty() ? "" : invocation.operands.front();
  const auto target = name.empty() ? "/v1/internal/ui/services"
                                   : "/v1/health/service/" + http::encodeComponent(name);
  std::string index;
  std::string before;
  for (;;) {
    const auto answer = registry.get(newerThan(target, index), 90s);
    if (!answer) return complain(answer.error());
    const auto shown =
        name.empty() ? allServices(answer->body, style) : instances(answer->body, name, style);
    if (!shown) return complain(shown.error());
    if (answer->body != before) {
      if (!before.empty()) std::cout << "\n";
      std::cout << (invocation.json ? pretty(answer->body) : shown->text) << std::flush;
    }
    if (!invocation.watch || answer->index.empty()) return exitFor(shown->well);
    index = answer->index;
    before = answer->body;
  }
}

Exit showMembers(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto answer = registry.get("/v1/agent/members");
  if (!answer) return complain(answer.error());
  const auto members = parseMembers(answer->body);
  if (!members) return complain(members.error());
  std::cout << (invocation.json ? pretty(answer->body) : renderMembers(*members, style));
  return exitFor(std::ranges::all_of(
      *members, [](const MemberView& member) { return member.status == "alive"; }));
}

Exit forgetNode(const Invocation& invocation, const RegistryClient& registry) {
  const auto& node = invocation.operands.front();
  const auto done = registry.remove("/cluster/v1/nodes/" + http::encodeComponent(node) +
                                    (invocation.force ? "?force" : ""));
  if (!done) return complain(done.error());
  std::cout << (invocation.json ? std::string("{\"done\": true}\n") : node + " is forgotten.\n");
  return Exit::Ok;
}

Exit runEvents(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  if (invocation.action == "fire") return fireEvent(invocation, registry);
  if (invocation.history) return showHistory(invocation, registry, style);
  const auto answer = registry.get("/v1/event/list");
  if (!answer) return complain(answer.error());
  const auto events = parseEvents(answer->body);
  if (!events) return complain(events.error());
  std::cout << (invocation.json ? pretty(answer->body) : renderEvents(*events, style));
  return Exit::Ok;
}

}  // namespace cluster_lab::cli
