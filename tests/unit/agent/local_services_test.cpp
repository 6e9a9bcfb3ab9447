#include "agent/local_services.hpp"

#include <doctest/doctest.h>

#include "agent/definition_json.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

using registry::Health;

const TimePoint kStart{};
const NodeId kNode = NodeId::fromRandom({1});

/// Services whose checks first run at half their interval.
struct Place {
  LocalServices local{[](Duration whole) { return whole / 2; }};

  void add(const std::string& service, bool replaceChecks = false, TimePoint now = kStart) {
    local.putService(now, parseServiceRegistration(service).value(), replaceChecks);
  }
  Result<void> addCheck(const std::string& check, TimePoint now = kStart) {
    return local.putCheck(now, parseCheckRegistration(check).value());
  }
  [[nodiscard]] const LocalCheck& check(const std::string& id) const {
    return local.checks().find(id)->second;
  }
  [[nodiscard]] bool hasCheck(const std::string& id) const { return local.checks().contains(id); }
  [[nodiscard]] bool hasService(const std::string& id) const {
    return local.services().contains(id);
  }
  [[nodiscard]] std::string statusOf(const std::string& id) const {
    return std::string(registry::toString(check(id).status));
  }
  /// Lets the only check that is due find that out.
  void run(TimePoint now, const CheckResult& result) {
    const auto runs = local.step(now);
    REQUIRE(runs.size() == 1);
    local.finished(now, runs.front(), result);
  }
};

}  // namespace

TEST_CASE("services: a check begins critical, or as its registration says") {
  Place place;
  place.add(R"({"Name":"web","Checks":[{"TTL":"1m"},{"TTL":"1m","Status":"passing"}]})");
  CHECK(place.statusOf("service:web:1") == "critical");
  CHECK(place.statusOf("service:web:2") == "passing");
  CHECK(place.check("service:web:1").output.empty());
}

TEST_CASE("services: one that is registered again keeps what its checks say") {
  Place place;
  const auto* const web = R"({"Name":"web","Check":{"TTL":"1m"}})";
  place.add(web);
  CHECK(place.local.report(kStart, "service:web", {Health::Passing, "fine"}));
  place.add(web);
  CHECK(place.statusOf("service:web") == "passing");
  CHECK(place.check("service:web").output == "fine");
}

TEST_CASE("services: registering again leaves other checks, unless they are to be replaced") {
  Place place;
  place.add(R"({"Name":"web","Checks":[{"TTL":"1m"},{"TTL":"1m","CheckID":"mine"}]})");
  place.add(R"({"Name":"web","Check":{"TTL":"1m"}})");
  CHECK(place.hasCheck("mine"));
  CHECK(place.hasCheck("service:web"));
  place.add(R"({"Name":"web","Check":{"TTL":"1m"}})", true);
  CHECK(place.local.checks().size() == 1);
  CHECK(place.hasCheck("service:web"));
}

TEST_CASE("services: a service takes its checks along, an unknown one is no error") {
  Place place;
  place.add(R"({"Name":"web","Check":{"TTL":"1m"}})");
  CHECK(place.addCheck(R"({"Name":"disk","TTL":"1m"})"));
  place.local.removeService("other");
  place.local.removeService("web");
  CHECK(place.local.services().empty());
  CHECK(place.local.checks().size() == 1);
  place.local.removeCheck("disk");
  CHECK(place.local.checks().empty());
}

TEST_CASE("services: a check of a service that is not there is refused") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"m","TTL":"1m","ServiceID":"none"})").error().message ==
        "ServiceID \"none\" does not exist");
}

TEST_CASE("services: only checks with a time to live are reported on") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"h","HTTP":"http://a/","Interval":"1s"})"));
  CHECK(place.local.report(kStart, "h", {}).error().message ==
        "CheckID \"h\" does not have associated TTL");
  CHECK_FALSE(place.local.report(kStart, "none", {}));
}

TEST_CASE("services: checks run spread, then at their interval, and never twice at once") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"h","HTTP":"http://a/","Interval":"10s"})"));
  CHECK(place.local.nextDeadline() == kStart + 5s);
  CHECK(place.local.step(kStart + 4s).empty());
  const auto runs = place.local.step(kStart + 5s);
  REQUIRE(runs.size() == 1);
  CHECK(place.local.step(kStart + 30s).empty());
  place.local.finished(kStart + 30s, runs.front(), {Health::Passing, "ok"});
  CHECK(place.statusOf("h") == "passing");
  CHECK(place.local.nextDeadline() == kStart + 40s);
}

TEST_CASE("services: a run of a check that is gone or registered anew does not count") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"h","HTTP":"http://a/","Interval":"10s"})"));
  const auto runs = place.local.step(kStart + 5s);
  CHECK(place.addCheck(R"({"Name":"h","HTTP":"http://b/","Interval":"10s"})"));
  place.local.finished(kStart + 6s, runs.front(), {Health::Passing, "old"});
  CHECK(place.statusOf("h") == "critical");
  place.local.removeCheck("h");
  place.local.finished(kStart + 6s, runs.front(), {Health::Passing, "old"});
  CHECK_FALSE(place.hasCheck("h"));
}

TEST_CASE("services: a time to live that runs out is critical") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"beat","TTL":"10s","Status":"passing"})"));
  CHECK(place.local.step(kStart + 9s).empty());
  CHECK(place.statusOf("beat") == "passing");
  CHECK(place.local.step(kStart + 10s).empty());
  CHECK(place.statusOf("beat") == "critical");
  CHECK(place.check("beat").output == "TTL expired");
}

TEST_CASE("services: one that is critical for a minute at least is taken away where it asks so") {
  Place place;
  place.add(R"({"Name":"web","Check":{"TTL":"10s","DeregisterCriticalServiceAfter":"1s"}})");
  place.add(R"({"Name":"keep","Check":{"TTL":"10s"}})");
  for (auto now = kStart; now < kStart + 60s; now += 1s) {
    CHECK(place.local.step(now).empty());
    CHECK(place.hasService("web"));
  }
  const auto before = place.local.revision().registrations;
  for (auto now = kStart + 60s; now <= kStart + 90s; now += 1s)
    CHECK(place.local.step(now).empty());
  CHECK_FALSE(place.hasService("web"));
  CHECK_FALSE(place.hasCheck("service:web"));
  CHECK(place.hasService("keep"));
  CHECK(place.local.revision().registrations == before + 1);
}

TEST_CASE("services: one that recovers in time stays") {
  Place place;
  place.add(R"({"Name":"web","Check":{"TTL":"10m","DeregisterCriticalServiceAfter":"2m"}})");
  for (auto now = kStart; now < kStart + 10min; now += 30s) {
    if (now == kStart + 90s) {
      CHECK(place.local.report(now, "service:web", {Health::Passing, ""}));
    }
    CHECK(place.local.step(now).empty());
  }
  CHECK(place.hasService("web"));
}

TEST_CASE("services: an alias of the own node follows at once") {
  Place place;
  place.add(R"({"Name":"db","Check":{"TTL":"1m","Status":"passing"}})");
  place.add(R"({"Name":"web","Check":{"AliasService":"db"}})");
  CHECK(place.statusOf("service:web") == "passing");
  CHECK(place.local.report(kStart, "service:db", {Health::Critical, "down"}));
  CHECK(place.check("service:web").output == "Aliased check \"Service 'db' check\" failing: down");
  CHECK(place.local.report(kStart, "service:db", {Health::Passing, "up"}));
  CHECK(place.statusOf("service:web") == "passing");
  place.local.removeService("db");
  CHECK(place.local.step(kStart).empty());
  CHECK(place.check("service:web").output == "Service db could not be found on node ");
}

TEST_CASE("services: aliases of aliases follow, and those of the node do not hold each other") {
  Place place;
  place.add(R"({"Name":"db","Check":{"TTL":"1m"}})");
  place.add(R"({"Name":"mid","Check":{"AliasService":"db"}})");
  place.add(R"({"Name":"top","Check":{"AliasService":"mid"}})");
  CHECK(place.addCheck(R"({"Name":"one","AliasService":"db"})"));
  CHECK(place.addCheck(R"({"Name":"two","AliasService":"db"})"));
  CHECK(place.statusOf("service:top") == "critical");
  CHECK(place.local.report(kStart, "service:db", {Health::Passing, ""}));
  for (const char* id : {"one", "two"}) CHECK(place.statusOf(id) == "passing");
  CHECK(place.statusOf("service:top") == "passing");
}

TEST_CASE("services: an alias of another node is run, once a second") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"far","AliasNode":"pi-2","AliasService":"db"})"));
  place.run(kStart + 500ms, {Health::Passing, "All checks passing."});
  CHECK(place.statusOf("far") == "passing");
  CHECK(place.local.nextDeadline() == kStart + 1500ms);
}

TEST_CASE("services: maintenance is a critical check, with a reason") {
  Place place;
  place.add(R"({"Name":"web"})");
  CHECK(place.local.setServiceMaintenance(kStart, "none", true, "").error().message ==
        "No service registered with ID \"none\"");
  CHECK(place.local.setServiceMaintenance(kStart, "web", true, "why"));
  const auto& check = place.check("_service_maintenance:web");
  CHECK(check.definition.name == "Service Maintenance Mode");
  CHECK(check.definition.notes == "why");
  CHECK(check.definition.serviceId == "web");
  CHECK((check.status == Health::Critical));
  CHECK(place.local.setServiceMaintenance(kStart, "web", true, "other"));
  CHECK(place.check("_service_maintenance:web").definition.notes == "why");
  CHECK(place.local.setServiceMaintenance(kStart, "web", false, ""));
  CHECK_FALSE(place.hasCheck("_service_maintenance:web"));

  place.local.setNodeMaintenance(kStart, true, "");
  CHECK(place.check("_node_maintenance").definition.notes ==
        "Maintenance mode is enabled for this node, but no reason was provided. This is a default "
        "message.");
  CHECK_FALSE(place.local.nextDeadline());
  place.local.setNodeMaintenance(kStart, false, "");
  CHECK(place.local.checks().empty());
}

TEST_CASE("services: what changed is counted by kind, and nothing where nothing changed") {
  Place place;
  CHECK(place.addCheck(R"({"Name":"h","HTTP":"http://a/","Interval":"10s"})"));
  auto before = place.local.revision();
  place.run(kStart + 5s, {Health::Critical, "refused"});
  CHECK(place.local.revision().statuses == before.statuses);
  CHECK(place.local.revision().outputs == before.outputs + 1);
  before = place.local.revision();
  place.run(kStart + 15s, {Health::Critical, "refused"});
  CHECK(place.local.revision() == before);
  place.run(kStart + 25s, {Health::Passing, "ok"});
  CHECK(place.local.revision().statuses == before.statuses + 1);
}

TEST_CASE("services: definitions come back after a restart, statuses begin anew") {
  Place before;
  before.add(R"({"Name":"web","Tags":["v1"],"Check":{"TTL":"1m"}})");
  CHECK(before.local.report(kStart, "service:web", {Health::Passing, "fine"}));
  before.local.setNodeMaintenance(kStart, true, "disk");
  Place after;
  after.local.restore(kStart, before.local.definitions());
  CHECK(after.local.definitions() == before.local.definitions());
  CHECK(after.statusOf("service:web") == "critical");
  CHECK(after.check("_node_maintenance").definition.notes == "disk");
}

TEST_CASE("services: the catalog is shown all of it, as rows of this node") {
  Place place;
  place.add(R"({"Name":"web","Port":80,"Check":{"TTL":"1m","Notes":"n"}})");
  const auto catalog = place.local.catalog(kNode);
  REQUIRE(catalog.services.size() == 1);
  CHECK(catalog.services[0].node == kNode);
  CHECK(catalog.services[0].port == 80);
  REQUIRE(catalog.checks.size() == 1);
  CHECK(catalog.checks[0].node == kNode);
  CHECK(catalog.checks[0].serviceId == "web");
  CHECK(catalog.checks[0].type == "ttl");
  CHECK(catalog.checks[0].notes == "n");
}

}  // namespace cluster_lab::agent
