#include "registry/catalog_request.hpp"

#include <limits>

#include "registry/go_object.hpp"

namespace cluster_lab::registry {
namespace {

std::uint16_t portFrom(const GoObject& object) {
  const auto port = object.number("Port");
  if (port >= 0 && port <= std::numeric_limits<std::uint16_t>::max()) {
    return static_cast<std::uint16_t>(port);
  }
  object.refuse("Port: expected 0 to 65535, found " + std::to_string(port));
  return 0;
}

unsigned weightFrom(const GoObject& weights, std::string_view name) {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint16_t>::max();  // RFC 2782
  const auto weight = weights.number(name);
  if (weight >= 0 && weight <= kMost) return static_cast<unsigned>(weight);
  weights.refuse("Weights: expected 0 to 65535, found " + std::to_string(weight));
  return 0;
}

/// Consul's names of the kinds of checks, by what their definition holds.
std::string typeFrom(const GoObject& check) {
  auto type = check.text("Type");
  const auto definition = check.object("Definition");
  if (!type.empty() || !definition) return type;
  if (!definition->text("HTTP").empty()) return "http";
  return definition->text("TCP").empty() ? "" : "tcp";
}

}  // namespace

Check checkFrom(const GoObject& object) {
  Check check;
  check.id = object.text("CheckID");
  check.name = object.text("Name");
  if (check.id.empty()) check.id = check.name;
  if (check.name.empty()) check.name = check.id;
  check.status = healthFrom(object, "Status");
  check.output = object.text("Output");
  check.notes = object.text("Notes");
  check.serviceId = object.text("ServiceID");
  check.type = typeFrom(object);
  check.definition = object.jsonOf("Definition");
  return check;
}

Service namedServiceFrom(const GoObject& object) {
  auto service = serviceFrom(object);
  service.id = object.text("ID");
  service.name = object.text("Service");
  if (service.id.empty()) service.id = service.name;
  return service;
}

Service serviceFrom(const GoObject& object) {
  Service service;
  service.tags = object.texts("Tags");
  service.address = object.text("Address");
  service.port = portFrom(object);
  service.meta = object.textMap("Meta");
  for (const auto& [network, address] : object.objectMap("TaggedAddresses")) {
    service.taggedAddresses[network] = {.address = address.text("Address"),
                                        .port = portFrom(address)};
  }
  if (const auto weights = object.object("Weights")) {
    service.passingWeight = weightFrom(*weights, "Passing");
    service.warningWeight = weightFrom(*weights, "Warning");
  }
  service.enableTagOverride = object.boolean("EnableTagOverride");
  return service;
}

Health healthFrom(const GoObject& object, std::string_view name) {
  const auto text = object.text(name);
  for (const auto health : {Health::Passing, Health::Warning}) {
    if (text == toString(health)) return health;
  }
  return Health::Critical;
}

Result<CatalogRegistration> parseCatalogRegistration(std::string_view body) {
  const auto object = GoObject::parse(body);
  if (!object) return fail(object.error());
  CatalogRegistration wanted{.datacenter = object->text("Datacenter"),
                             .node = object->text("Node"),
                             .nodeId = object->text("ID"),
                             .address = object->text("Address"),
                             .taggedAddresses = object->textMap("TaggedAddresses"),
                             .meta = object->textMap("NodeMeta"),
                             .skipNodeUpdate = object->boolean("SkipNodeUpdate"),
                             .service = std::nullopt,
                             .checks = {},
                             .checkNodes = {}};
  if (const auto service = object->object("Service")) wanted.service = namedServiceFrom(*service);
  auto checks = object->objects("Checks");
  if (auto check = object->object("Check")) checks.push_back(*std::move(check));
  for (const auto& check : checks) {
    wanted.checks.push_back(checkFrom(check));
    wanted.checkNodes.push_back(check.text("Node"));
  }
  if (auto good = object->finish(); !good) return fail(good.error());
  return wanted;
}

Result<CatalogDeregistration> parseCatalogDeregistration(std::string_view body) {
  const auto object = GoObject::parse(body);
  if (!object) return fail(object.error());
  CatalogDeregistration wanted{.datacenter = object->text("Datacenter"),
                               .node = object->text("Node"),
                               .serviceId = object->text("ServiceID"),
                               .checkId = object->text("CheckID")};
  if (auto good = object->finish(); !good) return fail(good.error());
  return wanted;
}

}  // namespace cluster_lab::registry
