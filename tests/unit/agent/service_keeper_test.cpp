#include "agent/service_keeper.hpp"

#include "os/file.hpp"
#include "place.hpp"
#include "registry/state.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

using test::eventually;
using test::Place;

bool has(const http::Response& response, const std::string& part) {
  return response.body.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("keeper: what was registered is there after a restart") {
  Place place;
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web","Check":{"TTL":"1m"}})").status ==
        200);
  place.keeper.reset();
  place.start();
  CHECK(has(place.get("/v1/agent/services"), R"("web")"));
  CHECK(has(place.get("/v1/agent/checks"), R"("service:web")"));
}

TEST_CASE("keeper: the file is written for registrations only") {
  Place place;
  const std::string web = R"({"Name":"web","Check":{"TTL":"1m"}})";
  CHECK(place.put("/v1/agent/service/register", web).status == 200);
  const auto written = std::filesystem::last_write_time(place.file());
  CHECK(place.put("/v1/agent/service/register", web).status == 200);
  CHECK(place.put("/v1/agent/check/pass/service:web?note=x").status == 200);
  CHECK(std::filesystem::last_write_time(place.file()) == written);
}

TEST_CASE("keeper: a file that cannot be read is set aside") {
  Place place;
  place.keeper.reset();
  REQUIRE(os::writeFile(place.file(), "{ not JSON"));
  place.start();
  CHECK(place.get("/v1/agent/services").body == "{}");
  CHECK(std::filesystem::exists(place.file().string() + ".corrupt"));
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web"})").status == 200);
}

TEST_CASE("keeper: without a leader registrations are taken, and told when there is one") {
  const Place place;
  place.registry->wander();
  place.keeper->disconnected();
  CHECK(place.put("/v1/agent/service/register", R"({"Name":"web"})").status == 200);
  CHECK(has(place.get("/v1/agent/services"), R"("web")"));
  CHECK(place.get("/v1/catalog/service/web").body == "[]");
  REQUIRE(place.registry->lead(2, registry::test::kLeaderAddress));
  place.keeper->connected();
  CHECK(eventually([&] { return has(place.get("/v1/catalog/service/web"), R"("web")"); }));
}

TEST_CASE("keeper: what the same node told before and is gone is taken out of the catalog") {
  const Place place;
  registry::Service old;
  old.node = registry::test::idOf(1);
  old.id = old.name = "old";
  REQUIRE(place.registry->syncServices({.node = old.node, .services = {old}, .checks = {}}));
  place.keeper->connected();
  CHECK(eventually([&] { return place.get("/v1/catalog/service/old").body == "[]"; }));
}

TEST_CASE("keeper: nothing is written to the registry when nothing changed") {
  const Place place;
  const std::string web = R"({"Name":"web","Check":{"TTL":"1m"}})";
  CHECK(place.put("/v1/agent/service/register", web).status == 200);
  const auto index = place.registry->index();
  CHECK(place.put("/v1/agent/service/register", web).status == 200);
  CHECK(place.put("/v1/agent/check/fail/service:web").status == 200);
  CHECK(place.registry->index() == index);
}

TEST_CASE("keeper: a flapping check writes once a second at most") {
  const Place place;
  CHECK(place.put("/v1/agent/check/register", R"({"Name":"flap","TTL":"1m"})").status == 200);
  const auto index = place.registry->index();
  const auto begin = std::chrono::steady_clock::now();
  bool good = false;
  while (std::chrono::steady_clock::now() < begin + 2500ms) {
    good = !good;
    CHECK(place.put(good ? "/v1/agent/check/pass/flap" : "/v1/agent/check/fail/flap").status ==
          200);
    std::this_thread::sleep_for(10ms);
  }
  CHECK(place.put("/v1/agent/check/pass/flap").status == 200);
  CHECK(eventually([&] { return has(place.get("/v1/health/state/passing"), "flap"); }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto steps = place.registry->index() - index;
  CHECK(steps >= 1);
  CHECK(static_cast<double>(steps) <= took.count() + 1);
}

TEST_CASE("keeper: a check that runs is shown, and counted") {
  const Place place;
  CHECK(
      place.put("/v1/agent/check/register", R"({"Name":"port","TCP":"127.0.0.1","Interval":"1s"})")
          .status == 200);
  CHECK(eventually([&] { return has(place.get("/v1/agent/checks"), "missing port in address"); }));
  CHECK(place.keeper->checkRuns() >= 1);
}

TEST_CASE("keeper: it ends at once though a check is still running") {
  Place place(true);
  const auto mark = (place.folder.path() / "mark").string();
  CHECK(place
            .put("/v1/agent/check/register", R"({"Name":"slow","Args":["sh","-c","touch )" + mark +
                                                 R"(; sleep 60"],"Interval":"1s","Timeout":"50s"})")
            .status == 200);
  REQUIRE(eventually([&] { return std::filesystem::exists(mark); }));
  const auto begin = std::chrono::steady_clock::now();
  place.keeper.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("keeper: scripts of the file do not run where they are not allowed any more") {
  Place place(true);
  CHECK(place.put("/v1/agent/check/register", R"({"Name":"s","Args":["true"],"Interval":"1s"})")
            .status == 200);
  place.keeper.reset();
  place.start(false);
  CHECK(eventually([&] { return has(place.get("/v1/agent/checks"), "Scripts are disabled"); }));
}

}  // namespace cluster_lab::agent
