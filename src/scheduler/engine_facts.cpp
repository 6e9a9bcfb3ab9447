#include "scheduler/engine_facts.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace cluster_lab::scheduler {
namespace {

using nlohmann::json;

std::string textOf(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

template <typename Number>
Number numberOf(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_number_unsigned() ? at->get<Number>() : Number{0};
}

}  // namespace

Result<void> takeEngineInfo(std::string_view infoJson, registry::Engine& engine) {
  const auto info = json::parse(infoJson, nullptr, false);
  if (!info.is_object() || textOf(info, "ServerVersion").empty()) {
    return fail(ErrorCode::InvalidArgument, "the answer is not Docker Engine's");
  }
  engine.version = textOf(info, "ServerVersion");
  engine.operatingSystem = textOf(info, "OperatingSystem");
  engine.kernel = textOf(info, "KernelVersion");
  engine.architecture = textOf(info, "Architecture");
  engine.processors = numberOf<unsigned>(info, "NCPU");
  engine.memoryBytes = numberOf<std::uint64_t>(info, "MemTotal");
  engine.containers = numberOf<unsigned>(info, "Containers");
  engine.containersRunning = numberOf<unsigned>(info, "ContainersRunning");
  engine.containersPaused = numberOf<unsigned>(info, "ContainersPaused");
  engine.containersStopped = numberOf<unsigned>(info, "ContainersStopped");
  engine.images = numberOf<unsigned>(info, "Images");
  return {};
}

void clearEngineFacts(registry::Engine& engine) {
  registry::Engine cleared;
  cleared.node = engine.node;
  cleared.nodeName = std::move(engine.nodeName);
  cleared.address = engine.address;
  cleared.labels = std::move(engine.labels);
  engine = std::move(cleared);
}

}  // namespace cluster_lab::scheduler
