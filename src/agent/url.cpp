#include "agent/url.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "http/target.hpp"

namespace cluster_lab::agent {
namespace {

std::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::InvalidArgument, std::move(why));
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// The error of a URL without scheme, as net/url and net/http give it.
std::unexpected<Error> withoutScheme(std::string_view text) {
  const auto firstSegment = text.substr(0, text.find('/'));
  if (firstSegment.find(':') != std::string_view::npos) {
    return refuse("parse " + quoted(text) + ": first path segment in URL cannot contain colon");
  }
  return refuse("Get " + quoted(text) + ": unsupported protocol scheme \"\"");
}

/// "HOST", "HOST:PORT", "[V6]:PORT".
Result<void> readAuthority(std::string_view text, Url& url) {
  url.authority = text;
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool hasPort =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  const auto host = text.substr(0, hasPort ? colon : text.size());
  url.host = host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
  if (url.host.empty()) return refuse("http: no Host in request URL");
  url.port = url.tls ? 443 : 80;
  if (!hasPort || colon + 1 == text.size()) return {};
  const auto port =
      parseInteger(text.substr(colon + 1), 1, std::numeric_limits<std::uint16_t>::max());
  if (!port) return refuse("dial tcp: address " + std::string(text) + ": invalid port");
  url.port = static_cast<std::uint16_t>(*port);
  return {};
}

}  // namespace

Result<Url> parseUrl(std::string_view text) {
  const auto whole = text;
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return withoutScheme(whole);
  const auto name = toLower(text.substr(0, scheme));
  if (name != "http" && name != "https") {
    return refuse("Get " + quoted(whole) + ": unsupported protocol scheme " + quoted(name));
  }
  Url url;
  url.tls = name == "https";
  text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  auto authority = text.substr(0, end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  if (auto read = readAuthority(authority, url); !read) {
    return fail(read.error().during("Get " + quoted(whole)));
  }
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (!http::isOneWord(url.target)) {
    return refuse("parse " + quoted(whole) + ": net/url: invalid control character in URL");
  }
  return url;
}

Result<Url> resolve(const Url& from, std::string_view location) {
  if (location.find("://") != std::string_view::npos) return parseUrl(location);
  const std::string scheme = from.tls ? "https:" : "http:";
  if (location.starts_with("//")) return parseUrl(scheme + std::string(location));
  const auto origin = scheme + "//" + from.authority;
  if (location.starts_with('/')) return parseUrl(origin + std::string(location));
  auto path = from.target.substr(0, from.target.find('?'));
  if (!location.starts_with('?')) path.resize(path.rfind('/') + 1);
  return parseUrl(origin + path + std::string(location));
}

}  // namespace cluster_lab::agent
