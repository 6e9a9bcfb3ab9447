#include "scheduler/engine_probe.hpp"

#include <chrono>

#include "http/client.hpp"
#include "scheduler/engine_facts.hpp"

namespace cluster_lab::scheduler {
namespace {

using namespace std::chrono_literals;

/// Without a version: engines of 2025 refuse those that the ones of 2020 speak.
constexpr auto kInfo = "/info";

Error explained(const Error& error, const std::string& socketPath) {
  auto told = error.during("ask the Docker Engine");
  if (error.code == ErrorCode::PermissionDenied) {
    told.remedy = "let the daemon's user read " + socketPath +
                  ": usermod -aG docker cluster-lab, " + "then restart cluster-start.service";
  }
  return told;
}

}  // namespace

Result<void> probeEngine(const std::string& socketPath, registry::Engine& engine) {
  clearEngineFacts(engine);
  http::ClientOptions options;
  options.socketPath = socketPath;
  options.connectTimeout = 1s;
  options.answerTimeout = 2s;
  http::Client client(options);
  const auto answer = client.get(kInfo);
  if (!answer) {
    if (answer.error().code == ErrorCode::Unavailable) return {};
    return fail(explained(answer.error(), socketPath));
  }
  if (answer->status != 200) {
    return fail(ErrorCode::Unavailable,
                "the Docker Engine answers " + std::to_string(answer->status) + " to GET " + kInfo);
  }
  if (const auto taken = takeEngineInfo(answer->body, engine); !taken) {
    return fail(explained(taken.error(), socketPath));
  }
  return {};
}

}  // namespace cluster_lab::scheduler
