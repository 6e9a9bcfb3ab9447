#include "agent/catalog_view.hpp"

#include "registry/decide_services.hpp"
#include "unit/registry/world.hpp"

namespace cluster_lab::agent {
namespace {

using registry::Health;
using registry::test::checkOf;
using registry::test::idOf;
using registry::test::nodeOf;
using registry::test::serviceOf;

/// A catalog with node 1 and what it told.
struct Catalog : registry::test::World {
  registry::NodeServices told{
      .node = idOf(1), .services = {serviceOf(1)}, .checks = {checkOf(serviceOf(1))}};
  Catalog() {
    add(nodeOf(1));
    add(nodeOf(2));
    carryOut(registry::decide::syncServices(state, told));
  }
};

}  // namespace

TEST_CASE("catalog view: what was told is shown") {
  const Catalog catalog;
  CHECK(shows(catalog.state, catalog.told));
}

TEST_CASE("catalog view: every difference but that of an output is seen") {
  Catalog catalog;
  auto told = catalog.told;
  told.checks[0].output = "new";
  CHECK(shows(catalog.state, told));
  told.checks[0].status = Health::Critical;
  CHECK_FALSE(shows(catalog.state, told));
  told = catalog.told;
  told.services[0].port = 81;
  CHECK_FALSE(shows(catalog.state, told));
  told = catalog.told;
  told.checks.clear();
  CHECK_FALSE(shows(catalog.state, told));
  told.services.clear();
  CHECK_FALSE(shows(catalog.state, told));
  told = catalog.told;
  told.services.push_back(serviceOf(1, "db"));
  CHECK_FALSE(shows(catalog.state, told));
}

TEST_CASE("catalog view: what others have does not count") {
  Catalog catalog;
  const registry::NodeServices other{
      .node = idOf(2), .services = {serviceOf(2)}, .checks = {checkOf(serviceOf(2))}};
  catalog.carryOut(registry::decide::syncServices(catalog.state, other));
  CHECK(shows(catalog.state, catalog.told));
}

}  // namespace cluster_lab::agent
