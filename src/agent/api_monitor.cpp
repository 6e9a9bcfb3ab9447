#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "agent/api.hpp"
#include "base/text.hpp"
#include "os/log_tail.hpp"

namespace cluster_lab::agent {
namespace {

using os::LogLevel;
using namespace std::chrono_literals;

constexpr std::array<std::pair<std::string_view, LogLevel>, 6> kLevels = {
    {{"trace", LogLevel::Debug},
     {"debug", LogLevel::Debug},
     {"info", LogLevel::Info},
     {"warn", LogLevel::Warning},
     {"err", LogLevel::Error},
     {"error", LogLevel::Error}}};

std::string_view labelOf(LogLevel level) {
  switch (level) {
    case LogLevel::Debug:
      return "[DEBUG]";
    case LogLevel::Info:
      return "[INFO] ";
    case LogLevel::Warning:
      return "[WARN] ";
    case LogLevel::Error:
      return "[ERROR]";
  }
  return "";
}

/// As Consul's log: "2026-11-21T08:48:12.215Z [WARN]  agent: message".
std::string lineOf(const os::LogTail::Line& line) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto millis = now.time_since_epoch() % 1000ms;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} agent: {}\n",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(now)), millis.count(),
                     labelOf(line.level), line.message);
}

constexpr auto kPieceWait = 500ms;

/// The log as it is written, until the client hangs up.
http::Response monitor(Api&, const http::Request& request) {
  const auto wanted = request.parameter("loglevel").value_or("info");
  const auto* const level =
      std::ranges::find(kLevels, toLower(wanted), [](const auto& entry) { return entry.first; });
  if (level == kLevels.end()) {
    return http::text(400, "Bad request: Unknown log level: " + wanted);
  }
  auto response = http::text(200, "");
  response.stream = [tail = std::make_shared<os::LogTail>(level->second)](std::string& piece) {
    if (const auto line = tail->next(kPieceWait)) piece = lineOf(*line);
    return true;
  };
  return response;
}

}  // namespace

void addMonitorRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/v1/agent/monitor", monitor);
}

}  // namespace cluster_lab::agent
