#include "scheduler/engine_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "registry_world.hpp"

namespace cluster_lab::scheduler {
namespace {

using nlohmann::json;

/// The refusal of a good registration with one member changed.
std::string refusalWith(const char* member, const json& value) {
  auto object = json::parse(renderEngine(engineNumber(2)));
  object[member] = value;
  const auto engine = parseEngine(object.dump());
  return engine ? "(taken)" : engine.error().message;
}

}  // namespace

TEST_CASE("engine: what is rendered is read back as it was") {
  auto engine = engineNumber(3);
  engine.labels = {{"size", "big"}, {"ort", "Küche \"1\""}};
  const auto read = parseEngine(renderEngine(engine));
  REQUIRE(read);
  CHECK(renderEngine(*read) == renderEngine(engine));
  CHECK(read->node == engine.node);
  CHECK(read->labels == engine.labels);
  CHECK(read->memoryBytes == engine.memoryBytes);
}

TEST_CASE("engine: a node without an engine needs id, name and address only") {
  const auto read = parseEngine(
      R"({"ID":"00000000-0000-0000-0000-000000000001","Name":"pi","Address":"192.168.200.7"})");
  REQUIRE(read);
  CHECK(read->version.empty());
  CHECK(read->processors == 0);
  for (const auto* body : {R"({"Name":"pi","Address":"192.168.200.7"})", "{}"}) {
    CHECK(parseEngine(body).error().message == "member ID: is missing");
  }
}

TEST_CASE("engine: each wrong member is named") {
  CHECK(refusalWith("ID", "7").starts_with("member ID: "));
  CHECK(refusalWith("ID", nullptr).starts_with("member ID: "));
  CHECK(refusalWith("Name", "a b").starts_with("member Name: "));
  CHECK(refusalWith("Name", "").starts_with("member Name: "));
  CHECK(refusalWith("Address", "192.168.200.256").starts_with("member Address: "));
  CHECK(refusalWith("EngineVersion", 20).starts_with("member EngineVersion: "));
  CHECK(refusalWith("EngineVersion", std::string(256, 'x')).starts_with("member EngineVersion: "));
  CHECK(refusalWith("KernelVersion", "a\nb").starts_with("member KernelVersion: "));
  CHECK(refusalWith("CPUs", -1).starts_with("member CPUs: "));
  CHECK(refusalWith("CPUs", 1.5).starts_with("member CPUs: "));
  CHECK(refusalWith("CPUs", "4").starts_with("member CPUs: "));
  CHECK(refusalWith("Images", 4294967296).starts_with("member Images: "));
  CHECK(refusalWith("Labels", "x").starts_with("member Labels: "));
  CHECK(refusalWith("Labels", {{"a", 1}}).starts_with("member Labels: "));
  CHECK(refusalWith("Labels", {{"", "x"}}).starts_with("member Labels: "));
}

TEST_CASE("engine: members of a newer version are left out") {
  CHECK(refusalWith("Flux", "x") == "(taken)");
}

TEST_CASE("engine: what is no JSON object is refused") {
  for (const auto* body : {"", "{", "[]", "null", "\xff", "{\"ID\":}"}) {
    INFO(body);
    CHECK_FALSE(parseEngine(body));
  }
  CHECK_FALSE(parseEngine(std::string(100'000, '[')));
}

}  // namespace cluster_lab::scheduler
