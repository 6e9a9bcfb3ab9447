#include "agent/definition_json.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "agent/definition_rules.hpp"
#include "agent/member_names.hpp"
#include "registry/go_object.hpp"

namespace cluster_lab::agent {
namespace {

using registry::GoObject;
using registry::Health;

/// Members that Consul knows and that are read here or mean nothing to a Cluster Lab.
constexpr auto kServiceMembers = std::to_array<std::string_view>(
    {"Kind", "ID", "Name", "Tags", "Address", "TaggedAddresses", "Meta", "Port", "SocketPath",
     "Check", "Checks", "Weights", "Token", "EnableTagOverride", "Proxy", "Connect", "Namespace",
     "Partition", "Locality"});
constexpr auto kCheckMembers = std::to_array<std::string_view>({"ID",
                                                                "CheckID",
                                                                "Name",
                                                                "Notes",
                                                                "ServiceID",
                                                                "Token",
                                                                "Status",
                                                                "Args",
                                                                "ScriptArgs",
                                                                "HTTP",
                                                                "Header",
                                                                "Method",
                                                                "Body",
                                                                "DisableRedirects",
                                                                "TCP",
                                                                "TCPUseTLS",
                                                                "UDP",
                                                                "Interval",
                                                                "DockerContainerID",
                                                                "Shell",
                                                                "GRPC",
                                                                "GRPCUseTLS",
                                                                "H2PING",
                                                                "H2PingUseTLS",
                                                                "OSService",
                                                                "TLSServerName",
                                                                "TLSSkipVerify",
                                                                "AliasNode",
                                                                "AliasService",
                                                                "Timeout",
                                                                "TTL",
                                                                "SuccessBeforePassing",
                                                                "FailuresBeforeWarning",
                                                                "FailuresBeforeCritical",
                                                                "DeregisterCriticalServiceAfter",
                                                                "OutputMaxSize",
                                                                "ProxyHTTP",
                                                                "ProxyGRPC",
                                                                "Maintenance",
                                                                "Namespace",
                                                                "Partition"});
/// Kinds of checks that are not done here, and what they are.
constexpr auto kUnsupported =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"GRPC", "gRPC"},
                                                                  {"H2PING", "H2PING"},
                                                                  {"UDP", "UDP"},
                                                                  {"DockerContainerID", "Docker"},
                                                                  {"OSService", "OS service"}});

std::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::InvalidArgument, std::move(why));
}

void refuseUnknown(const GoObject& object, std::span<const std::string_view> known) {
  for (const auto& name : object.names()) {
    if (!isAmong(known, name)) object.refuse("json: unknown field \"" + name + "\"");
  }
}

unsigned countIn(const GoObject& object, std::string_view name) {
  const auto value = object.number(spelling(object, name));
  return static_cast<unsigned>(
      std::clamp<std::int64_t>(value, 0, std::numeric_limits<std::uint16_t>::max()));
}

std::uint16_t portIn(const GoObject& object) {
  const auto value = object.number(spelling(object, "Port"));
  if (value < 0 || value > std::numeric_limits<std::uint16_t>::max()) {
    object.refuse("Port " + std::to_string(value) + " is not a port");
    return 0;
  }
  return static_cast<std::uint16_t>(value);
}

std::string textIn(const GoObject& object, std::string_view name) {
  return object.text(spelling(object, name));
}

Header headerIn(const GoObject& check) {
  Header header;
  const auto members = check.object("Header");
  if (!members) return header;
  for (const auto& name : members->names()) header[name] = members->texts(name);
  return header;
}

std::vector<std::string> argumentsIn(const GoObject& check) {
  auto args = check.texts("Args");
  return args.empty() ? check.texts(spelling(check, "ScriptArgs")) : args;
}

std::size_t outputSizeIn(const GoObject& check) {
  const auto size = check.number(spelling(check, "OutputMaxSize"));
  return size > 0 ? std::min(static_cast<std::size_t>(size), kOutputSize) : kOutputSize;
}

CheckDefinition checkIn(const GoObject& object) {
  refuseUnknown(object, kCheckMembers);
  CheckDefinition check;
  check.id = textIn(object, "CheckID");
  if (check.id.empty()) check.id = textIn(object, "ID");
  check.name = textIn(object, "Name");
  check.notes = textIn(object, "Notes");
  check.serviceId = textIn(object, "ServiceID");
  check.status = parseHealth(textIn(object, "Status"));
  check.http = textIn(object, "HTTP");
  check.method = textIn(object, "Method");
  check.body = textIn(object, "Body");
  check.header = headerIn(object);
  check.tlsSkipVerify = object.boolean(spelling(object, "TLSSkipVerify"));
  check.disableRedirects = object.boolean(spelling(object, "DisableRedirects"));
  check.tcp = textIn(object, "TCP");
  check.args = argumentsIn(object);
  check.aliasNode = textIn(object, "AliasNode");
  check.aliasService = textIn(object, "AliasService");
  check.ttl = durationIn(object, "TTL");
  check.interval = durationIn(object, "Interval");
  check.timeout = durationIn(object, "Timeout");
  check.deregisterAfter = durationIn(object, "DeregisterCriticalServiceAfter");
  check.successBeforePassing = countIn(object, "SuccessBeforePassing");
  check.failuresBeforeCritical = countIn(object, "FailuresBeforeCritical");
  check.failuresBeforeWarning = object.has(spelling(object, "FailuresBeforeWarning"))
                                    ? countIn(object, "FailuresBeforeWarning")
                                    : check.failuresBeforeCritical;
  check.outputSize = outputSizeIn(object);
  return check;
}

/// What of the check is not done here, or is wrong in itself.
Result<void> checkObject(const GoObject& object, const CheckDefinition& check) {
  for (const auto& [member, what] : kUnsupported) {
    const auto name = spelling(object, member);
    if (object.has(name) && !object.text(name).empty()) {
      return refuse("Invalid check: " + std::string(what) +
                    " checks are not supported by Cluster Lab: use HTTP, TCP, TTL, a script or an "
                    "alias");
    }
  }
  if (!textIn(object, "TLSServerName").empty()) {
    return refuse("Invalid check: TLSServerName is not supported by Cluster Lab");
  }
  if (object.number(spelling(object, "OutputMaxSize")) < 0) {
    return refuse("Invalid check: MaxOutputMaxSize must be positive");
  }
  return checkCheck(check);
}

/// Of a service that is registered without: one each.
void readWeights(const GoObject& object, ServiceDefinition& service) {
  const auto weights = object.object("Weights");
  if (!weights) return;
  service.passingWeight = service.warningWeight = 0;
  const auto weightIn = [&](const char* name) {
    return static_cast<unsigned>(std::clamp<std::int64_t>(weights->number(name), 0, 65536));
  };
  service.passingWeight = weightIn("Passing");
  service.warningWeight = weightIn("Warning");
}

ServiceDefinition serviceIn(const GoObject& object) {
  refuseUnknown(object, kServiceMembers);
  ServiceDefinition service;
  service.id = textIn(object, "ID");
  service.name = textIn(object, "Name");
  service.tags = object.texts("Tags");
  service.address = textIn(object, "Address");
  service.port = portIn(object);
  service.meta = object.textMap("Meta");
  for (const auto& [name, value] : object.objectMap(spelling(object, "TaggedAddresses"))) {
    service.taggedAddresses[name] = {.address = value.text("Address"), .port = portIn(value)};
  }
  service.enableTagOverride = object.boolean(spelling(object, "EnableTagOverride"));
  readWeights(object, service);
  return service;
}

Result<void> refuseConnect(const GoObject& object) {
  const auto connect = object.object("Connect");
  const bool mesh = !object.text("Kind").empty() ||
                    (connect && (connect->boolean("Native") ||
                                 connect->has(spelling(*connect, "SidecarService"))));
  if (!mesh) return {};
  return refuse("Connect is not supported by Cluster Lab: leave Kind and Connect out");
}

/// The check objects in Consul's order: the one in Check first.
std::vector<GoObject> checkObjects(const GoObject& object) {
  auto objects = object.objects("Checks");
  const auto single = object.object("Check");
  if (single && !single->names().empty()) objects.insert(objects.begin(), *single);
  return objects;
}

/// As Consul names the checks of a service that have no id or name.
void nameCheck(CheckDefinition& check, const ServiceDefinition& service, std::size_t number,
               std::size_t of) {
  check.serviceId = service.id;
  if (check.id.empty()) {
    check.id = "service:" + service.id;
    if (of > 1) check.id += ":" + std::to_string(number);
  }
  if (check.name.empty()) check.name = "Service '" + service.name + "' check";
}

Result<void> readChecks(const GoObject& object, ServiceRegistration& into) {
  const auto objects = checkObjects(object);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    auto check = checkIn(objects[i]);
    if (auto whole = objects[i].finish(); !whole) return whole;
    if (auto good = checkObject(objects[i], check); !good) return good;
    if (const auto status = textIn(objects[i], "Status"); !status.empty() && !check.status) {
      return refuse("Status for checks must 'passing', 'warning', 'critical'");
    }
    nameCheck(check, into.service, i + 1, objects.size());
    into.checks.push_back(std::move(check));
  }
  return {};
}

}  // namespace

std::optional<Health> parseHealth(std::string_view text) {
  for (const auto health : {Health::Passing, Health::Warning, Health::Critical}) {
    if (text == registry::toString(health)) return health;
  }
  return std::nullopt;
}

Result<ServiceRegistration> parseServiceRegistration(std::string_view body) {
  const auto object = GoObject::parse(body);
  if (!object) return fail(object.error());
  ServiceRegistration registration{.service = serviceIn(*object), .checks = {}};
  if (auto whole = object->finish(); !whole) return fail(whole.error());
  if (auto good = checkService(registration.service); !good) return fail(good.error());
  if (auto good = refuseConnect(*object); !good) return fail(good.error());
  complete(registration.service);
  if (auto read = readChecks(*object, registration); !read) return fail(read.error());
  if (auto whole = object->finish(); !whole) return fail(whole.error());
  return registration;
}

Result<CheckDefinition> parseCheckRegistration(std::string_view body) {
  const auto object = GoObject::parse(body);
  if (!object) return fail(object.error());
  auto check = checkIn(*object);
  const auto status = textIn(*object, "Status");
  if (auto whole = object->finish(); !whole) return fail(whole.error());
  if (check.name.empty()) return refuse("Missing check name");
  if (!status.empty() && !check.status) return refuse("Bad check status");
  if (check.id.empty()) check.id = check.name;
  if (auto good = checkObject(*object, check); !good) return fail(good.error());
  return check;
}

Result<TtlReport> parseTtlReport(std::string_view body) {
  constexpr auto kMembers = std::to_array<std::string_view>({"Status", "Output"});
  const auto object = GoObject::parse(body);
  if (!object) return fail(object.error());
  refuseUnknown(*object, kMembers);
  const auto status = object->text("Status");
  TtlReport report{.status = Health::Critical, .output = object->text("Output")};
  if (auto whole = object->finish(); !whole) return fail(whole.error());
  const auto known = parseHealth(status);
  if (!known) return refuse("Invalid check status: '" + status + "'");
  report.status = *known;
  return report;
}

// --- the file

Result<LocalDefinitions> parseDefinitions(std::string_view text) {
  const auto object = GoObject::parse(text);
  if (!object) return fail(object.error());
  LocalDefinitions definitions;
  for (const auto& each : object->objects("services")) {
    definitions.services.push_back(serviceIn(each));
  }
  for (const auto& each : object->objects("checks")) {
    auto check = checkIn(each);
    check.maintenance = each.boolean("Maintenance");
    definitions.checks.push_back(std::move(check));
  }
  if (auto whole = object->finish(); !whole) return fail(whole.error());
  return definitions;
}

}  // namespace cluster_lab::agent
