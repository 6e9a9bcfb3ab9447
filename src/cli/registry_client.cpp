#include "cli/registry_client.hpp"

#include <utility>

#include "base/text.hpp"
#include "cli/daemon_client.hpp"
#include "cli/wording.hpp"
#include "http/client.hpp"
#include "http/target.hpp"

namespace cluster_lab::cli {
namespace {

/// An answer other than 2xx as an error, with what the daemon said.
Error refusal(const std::string& doing, const http::Response& answer) {
  const auto said = printable(trim(answer.body));
  const auto what =
      doing + ": " + (said.empty() ? "status " + std::to_string(answer.status) : said);
  switch (answer.status) {
    case 403:
      return {ErrorCode::PermissionDenied, what,
              "type it on a node, or allow it there: registry.lan-writes=yes"};
    case 404:
      return {ErrorCode::NotFound, what, ""};
    case 413:
      return {ErrorCode::Exhausted, what, "the registry is for small things: 512 KiB a value"};
    case 500:
    case 503:
      return {ErrorCode::Io, what, "whether the cluster has a leader: cluster-lab status"};
    default:
      return {ErrorCode::Io, what, ""};
  }
}

}  // namespace

std::string keyTarget(std::string_view key) {
  std::string target = "/v1/kv";
  for (const auto part : split(key, '/')) target += "/" + http::encodeComponent(part);
  return target;
}

RegistryClient::RegistryClient(std::string host, std::uint16_t port)
    : host_(std::move(host)), port_(port) {}

Result<RegistryClient::Answer> RegistryClient::ask(const std::string& method,
                                                   const std::string& target,
                                                   const std::string& body,
                                                   std::chrono::milliseconds patience) const {
  http::Client client({.host = host_, .port = port_, .socketPath = {}, .answerTimeout = patience});
  auto answer = client.request(method, target, body);
  if (!answer) return fail(unreachable(answer.error()));
  if (answer->status / 100 != 2) return fail(refusal(method + " " + target, *answer));
  Answer result{std::move(answer->body), {}};
  for (const auto& [name, value] : answer->headers) {
    if (toLower(name) == "x-consul-index") result.index = value;
  }
  return result;
}

Result<RegistryClient::Answer> RegistryClient::get(const std::string& target,
                                                   std::chrono::milliseconds patience) const {
  return ask("GET", target, {}, patience);
}

Result<std::string> RegistryClient::put(const std::string& target, const std::string& body,
                                        std::chrono::milliseconds patience) const {
  auto answer = ask("PUT", target, body, patience);
  if (!answer) return fail(answer.error());
  return std::move(answer->body);
}

Result<std::string> RegistryClient::remove(const std::string& target) const {
  auto answer = ask("DELETE", target, {}, kChangeTime);
  if (!answer) return fail(answer.error());
  return std::move(answer->body);
}

}  // namespace cluster_lab::cli
