#include "agent/definition_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ipv4.hpp"
#include "base/ipv6.hpp"

namespace cluster_lab::agent {
namespace {

// structs.ValidateServiceMetadata
constexpr std::size_t kMostPairs = 64;
constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLongestValue = 512;
constexpr std::string_view kReservedPrefix = "consul-";

constexpr unsigned kMostWeight = 65535;  // RFC 2782: 16 bits

std::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::InvalidArgument, std::move(why));
}

bool isKeyLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
}

/// What is wrong with the pair; empty: nothing.
std::string faultOf(const std::string& key, const std::string& value) {
  if (key.empty()) return "Key cannot be blank";
  if (!std::ranges::all_of(key, isKeyLetter)) return "Key contains invalid characters";
  if (key.size() > kLongestKey) return "Key is too long (limit: 128 characters)";
  if (key.starts_with(kReservedPrefix)) {
    return "Key prefix 'consul-' is reserved for internal use";
  }
  return value.size() > kLongestValue ? "Value is too long (limit: 512 characters)" : "";
}

Result<void> checkMeta(const std::map<std::string, std::string>& meta) {
  if (meta.size() > kMostPairs) {
    return refuse(
        "Invalid Service Meta: Node metadata cannot contain more than 64 key/value pairs");
  }
  for (const auto& [key, value] : meta) {
    if (const auto fault = faultOf(key, value); !fault.empty()) {
      return refuse(fmt::format(
          "Invalid Service Meta: Couldn't load metadata pair ('{}', '{}'): {}", key, value, fault));
    }
  }
  return {};
}

}  // namespace

Result<void> checkService(const ServiceDefinition& service) {
  constexpr std::array kAnyAddress = {"0.0.0.0", "::", "[::]"};
  if (service.name.empty()) return refuse("Missing service name");
  if ((service.id.empty() ? service.name : service.id) == registry::kClusterService) {
    return refuse("the service cluster-lab is the node's own: give another ID");
  }
  if (std::ranges::find(kAnyAddress, service.address) != kAnyAddress.end()) {
    return refuse("Invalid service address");
  }
  if (auto good = checkMeta(service.meta); !good) return good;
  if (service.passingWeight < 1) {
    return refuse("Invalid Weights: Passing must be greater than 0");
  }
  if (service.passingWeight > kMostWeight || service.warningWeight > kMostWeight) {
    return refuse("Invalid Weights: DNS Weight must be between 0 and 65535");
  }
  return {};
}

/// As structs.CheckType.Validate.
Result<void> checkCheck(const CheckDefinition& check) {
  const auto wrong = [](const char* why) { return refuse(std::string("Invalid check: ") + why); };
  const bool runs = !check.http.empty() || !check.tcp.empty() || !check.args.empty();
  const bool alias = !check.aliasNode.empty() || !check.aliasService.empty();
  if (check.interval.count() > 0 && check.ttl.count() > 0) {
    return wrong("Interval and TTL cannot both be specified");
  }
  if (runs && check.interval.count() <= 0) {
    return wrong("Interval must be > 0 for Script, HTTP, or TCP checks");
  }
  if (runs && alias) return wrong("Interval cannot be set for Alias checks");
  if (alias && check.ttl.count() > 0) return wrong("TTL must be not be set for Alias checks");
  if (!runs && !alias && !check.maintenance && check.ttl.count() <= 0) {
    return wrong("TTL must be > 0 for TTL checks");
  }
  if (check.failuresBeforeWarning > check.failuresBeforeCritical) {
    return wrong("FailuresBeforeWarning can't be higher than FailuresBeforeCritical");
  }
  if (check.id == registry::kSerfHealth) {
    return wrong("serfHealth is the check by which the cluster tells whether the node is alive");
  }
  return {};
}

void complete(ServiceDefinition& service) {
  if (service.id.empty()) service.id = service.name;
  const registry::ServiceAddress own{.address = service.address, .port = service.port};
  if (Ipv4::parse(service.address)) {
    service.taggedAddresses.try_emplace("lan_ipv4", own);
    service.taggedAddresses.try_emplace("wan_ipv4", own);
  } else if (Ipv6::parse(service.address)) {
    service.taggedAddresses.try_emplace("lan_ipv6", own);
    service.taggedAddresses.try_emplace("wan_ipv6", own);
  }
}

}  // namespace cluster_lab::agent
