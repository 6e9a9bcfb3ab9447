#include "agent/check_result.hpp"

#include <fmt/format.h>

#include <utility>

namespace cluster_lab::agent {

using registry::Health;

std::string cutReport(std::string output, std::size_t size) {
  const auto total = output.size();
  if (total <= size) return output;
  output.resize(size);
  return fmt::format("{} ... (captured {} of {} bytes)", output, size, total);
}

std::string cutPrinted(std::string_view end, std::size_t total) {
  if (total <= end.size()) return std::string(end);
  return fmt::format("Captured {} of {} bytes\n...\n{}", end.size(), total, end);
}

std::string expired(const std::string& lastOutput) {
  if (lastOutput.empty()) return "TTL expired";
  return "TTL expired (last output before timeout follows): " + lastOutput;
}

CheckResult judgeAnswer(const std::string& method, const std::string& url, int status,
                        const std::string& reason, std::string_view body) {
  constexpr int kTooManyRequests = 429;
  auto health = Health::Critical;
  if (status >= 200 && status <= 299) health = Health::Passing;
  if (status == kTooManyRequests) health = Health::Warning;
  return {health, fmt::format("HTTP {} {}: {} {} Output: {}", method.empty() ? "GET" : method, url,
                              status, reason, body)};
}

Health judgeExit(int exitStatus) {
  if (exitStatus == 0) return Health::Passing;
  return exitStatus == 1 ? Health::Warning : Health::Critical;
}

}  // namespace cluster_lab::agent
