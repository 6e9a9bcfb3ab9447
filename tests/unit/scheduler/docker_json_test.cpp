#include "scheduler/docker_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "registry_world.hpp"

namespace cluster_lab::scheduler {
namespace {

using nlohmann::json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

json infoOf(const std::vector<registry::Node>& nodes,
            const std::vector<registry::Engine>& engines) {
  return json::parse(renderInfo(joinView(nodes, engines), "1.0.0"));
}

}  // namespace

TEST_CASE("docker info: totals are sums over the healthy nodes") {
  auto silent = nodeNumber(3);
  silent.health = registry::Health::Critical;
  const auto info = infoOf({nodeNumber(1), nodeNumber(2), silent},
                           {engineNumber(1), engineNumber(2), engineNumber(3)});
  CHECK(info["Containers"] == 3);
  CHECK(info["ContainersRunning"] == 2);
  CHECK(info["ContainersStopped"] == 1);
  CHECK(info["NCPU"] == 8);
  CHECK(info["MemTotal"] == std::uint64_t{2} << 30U);
  CHECK(info["Images"] == 4);
  CHECK(info["Architecture"] == "armv7l");
}

TEST_CASE("docker info: the nodes are pairs of DriverStatus") {
  auto node = nodeNumber(1, Role::Leading);
  node.registration.labels = {{"disk", "ssd"}, {"size", "big"}};
  const auto pairs = infoOf({node, nodeNumber(2)}, {engineNumber(1)})["DriverStatus"];
  const Pairs expected = {{"Leader", "pi-1 (192.168.200.101)"},
                          {"Nodes", "2"},
                          {" pi-1", "192.168.200.101"},
                          {" └ Status", "Healthy"},
                          {" └ Containers", "1 (1 running, 0 paused, 0 stopped)"},
                          {" └ CPUs", "4"},
                          {" └ Memory", "1024 MiB"},
                          {" └ Labels", "disk=ssd, size=big"},
                          {" └ Engine", "20.10.24"},
                          {" pi-2", "192.168.200.102"},
                          {" └ Status", "No engine"}};
  CHECK((pairs.get<Pairs>() == expected));
}

TEST_CASE("docker info: an empty cluster and invalid text are still JSON") {
  CHECK(infoOf({}, {})["NCPU"] == 0);
  auto engine = engineNumber(1);
  engine.kernel = "\xff\xfe";
  CHECK(infoOf({nodeNumber(1)}, {engine}).is_object());
}

TEST_CASE("docker version: engines of two architectures are both named") {
  auto other = engineNumber(2);
  other.architecture = "aarch64";
  const auto version = json::parse(renderVersion(joinView({}, {engineNumber(1), other}), "1.0.0"));
  CHECK(version["Version"] == "1.0.0");
  CHECK(version["ApiVersion"] == "1.41");
  CHECK(version["Arch"] == "aarch64, armv7l");
}

}  // namespace cluster_lab::scheduler
