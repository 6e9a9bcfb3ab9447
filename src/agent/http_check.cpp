#include "agent/http_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/url.hpp"
#include "base/text.hpp"
#include "http/fetch.hpp"
#include "os/tcp_probe.hpp"
#include "registry/base64.hpp"

namespace cluster_lab::agent {
namespace {

using namespace std::chrono_literals;
using registry::Health;

constexpr auto kDefaultTimeout = 10s;
constexpr int kMostRedirects = 10;  // net/http, defaultCheckRedirect

std::string bracketed(const Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return fmt::format("{}:{}", v6 ? "[" + url.host + "]" : url.host, url.port);
}

/// One check under way, from redirect to redirect.
class HttpCheck {
 public:
  HttpCheck(const CheckDefinition& check, const std::stop_token& stop)
      : check_(check), stop_(stop), method_(check.method.empty() ? "GET" : check.method) {}

  CheckResult run() {
    auto url = parseUrl(check_.http);
    if (!url) return {Health::Critical, url.error().message};
    shown_ = check_.http;
    origin_ = url->authority;
    for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
      const auto answer = fetch(*url);
      if (!answer) return failure(*url, answer.error());
      if (!leadsOn(*answer)) {
        return judgeAnswer(check_.method, check_.http, answer->status, answer->reason,
                           answer->body);
      }
      url = resolve(*url, answer->location);
      if (!url) return {Health::Critical, url.error().message};
      shown_ = answer->location;
    }
    return critical("stopped after 10 redirects");
  }

 private:
  Result<http::Fetched> fetch(const Url& url) const {
    http::FetchRequest request{.tls = url.tls,
                               .verifyCertificate = !check_.tlsSkipVerify,
                               .host = url.host,
                               .port = url.port,
                               .method = method_,
                               .target = url.target,
                               .headers = headersFor(url),
                               .body = bodyless_ ? "" : check_.body,
                               .timeout = httpTimeout(check_),
                               .bodySize = check_.outputSize};
    http::Fetch call(std::move(request));
    const std::stop_callback onStop(stop_, [&call] { call.stop(); });
    return call.run();
  }

  /// What tells who somebody is stays with the server that it is for.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> headersFor(const Url& url) const {
    std::vector<std::pair<std::string, std::string>> headers;
    const auto has = [&](const char* name) {
      return std::ranges::any_of(
          headers, [&](const auto& header) { return toLower(header.first) == toLower(name); });
    };
    for (const auto& [name, values] : check_.header) {
      const auto lower = toLower(name);
      const bool own = lower == "authorization" || lower == "cookie" || lower == "host";
      if (own && url.authority != origin_) continue;
      for (const auto& value : values) headers.emplace_back(name, value);
    }
    const auto addDefault = [&](const char* name, const std::string& value) {
      if (!has(name)) headers.emplace_back(name, value);
    };
    addDefault("Host", url.authority);
    addDefault("User-Agent", "Consul Health Check");
    addDefault("Accept", "text/plain, text/*, */*");
    if (!url.user.empty()) addDefault("Authorization", "Basic " + registry::toBase64(url.user));
    return headers;
  }

  /// Is it a redirect to follow? Sets what the next request is (net/http, redirectBehavior).
  bool leadsOn(const http::Fetched& answer) {
    if (check_.disableRedirects || answer.location.empty()) return false;
    switch (answer.status) {
      case 301:
      case 302:
      case 303:
        if (method_ != "GET" && method_ != "HEAD") method_ = "GET";
        bodyless_ = true;
        return true;
      case 307:
      case 308:
        return true;
      default:
        return false;
    }
  }

  [[nodiscard]] CheckResult critical(const std::string& why) const {
    auto verb = toLower(check_.method.empty() ? "get" : check_.method);
    verb.front() = static_cast<char>(verb.front() - 'a' + 'A');
    return {Health::Critical, fmt::format("{} \"{}\": {}", verb, shown_, why)};
  }

  [[nodiscard]] CheckResult failure(const Url& url, const Error& error) const {
    if (error.code == ErrorCode::TimedOut) {
      return critical("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    }
    if (error.code != ErrorCode::Unavailable) return critical(error.message);
    // The HTTP library does not tell why it could not connect.
    const auto probe = os::probeTcp(bracketed(url), httpTimeout(check_), stop_);
    return critical(probe ? "EOF" : probe.error().message);
  }

  const CheckDefinition& check_;
  const std::stop_token& stop_;
  std::string method_;
  std::string shown_;
  std::string origin_;
  bool bodyless_ = false;
};

}  // namespace

std::chrono::milliseconds httpTimeout(const CheckDefinition& check) {
  if (check.timeout.count() <= 0) return kDefaultTimeout;
  return std::chrono::ceil<std::chrono::milliseconds>(check.timeout);
}

CheckResult runHttpCheck(const CheckDefinition& check, const std::stop_token& stop) {
  return HttpCheck(check, stop).run();
}

}  // namespace cluster_lab::agent
