#include "http/host_name.hpp"

#include <algorithm>
#include <array>

#include "base/ipv4.hpp"
#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

/// Of no public registry: RFC 6762, RFC 8375, ICANN's list of names that it will not delegate, and
/// Consul's own.
constexpr auto kLocalZones = std::to_array<std::string_view>(
    {".local", ".lan", ".home", ".home.arpa", ".internal", ".consul"});

/// Without the port and the dot at the end, in lower case.
std::string nameOf(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    host = host.substr(0, colon);
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  return toLower(host);
}

bool isAddress(std::string_view name) {
  return (name.starts_with('[') && name.ends_with(']')) || Ipv4::parse(name).has_value();
}

/// Could a page of another host make a browser send it, and does it change nothing?
bool onlyReads(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

/// "http://pi-1:8500" becomes "pi-1:8500" (RFC 6454 section 6.2); "null" stays.
std::string_view hostOfOrigin(std::string_view origin) {
  const auto scheme = origin.find("://");
  return scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
}

}  // namespace

HostNames::HostNames(const std::vector<std::string>& own) {
  for (const auto& name : own) own_.push_back(nameOf(name));
}

bool HostNames::accepts(std::string_view host) const {
  const auto name = nameOf(host);
  if (name.find('.') == std::string::npos || isAddress(name)) return true;
  if (std::ranges::find(own_, name) != own_.end()) return true;
  return std::ranges::any_of(kLocalZones,
                             [&name](std::string_view zone) { return name.ends_with(zone); });
}

std::optional<Response> HostNames::refusal(const Request& request) const {
  const auto host = request.header("Host").value_or("");
  if (!accepts(host)) {
    return text(403, "this node does not go by the name '" + nameOf(host) +
                         "': add it to registry.host-names in "
                         "/etc/cluster-lab/cluster-lab.conf of this node to use it\n");
  }
  const auto origin = request.header("Origin");
  if (onlyReads(request.method) || !origin || toLower(hostOfOrigin(*origin)) == toLower(host)) {
    return std::nullopt;
  }
  return text(403, "pages from " + *origin + " may not change anything here\n");
}

}  // namespace cluster_lab::http
