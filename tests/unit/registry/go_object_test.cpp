#include "registry/go_object.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::registry {

TEST_CASE("go object: names are read in any case, what is missing or null is empty") {
  const auto object =
      GoObject::parse(R"({"node":"a","PORT":80,"Tags":["x"],"Meta":{"k":"v"},"Gone":null})")
          .value();
  CHECK(object.text("Node") == "a");
  CHECK(object.number("Port") == 80);
  CHECK(object.texts("Tags") == std::vector<std::string>{"x"});
  CHECK(object.textMap("Meta").at("k") == "v");
  CHECK(object.text("Gone").empty());
  CHECK_FALSE(object.has("Gone"));
  CHECK_FALSE(object.object("None"));
  CHECK(object.jsonOf("Meta") == R"({"k":"v"})");
  CHECK(object.finish());
}

TEST_CASE("go object: the first member of a wrong type, wherever, is the error") {
  const auto object = GoObject::parse(R"({"Service":{"Port":"x"},"Node":1})").value();
  CHECK(object.object("Service")->number("Port") == 0);
  CHECK(object.text("Node").empty());
  CHECK(object.finish().error().message ==
        "Request decode failed: json: cannot unmarshal string into Go struct field .Port of type "
        "int");
}

TEST_CASE("go object: what is no object is told in Go's words") {
  const auto messageOf = [](const char* body) { return GoObject::parse(body).error().message; };
  CHECK(messageOf("") == "Request decode failed: EOF");
  CHECK(messageOf("{\"a") == "Request decode failed: unexpected EOF");
  CHECK(messageOf("{]") == "Request decode failed: invalid character ']' at byte 2");
  CHECK(messageOf("[1]") ==
        "Request decode failed: json: cannot unmarshal array into Go value of an object's type");
}

TEST_CASE("go object: arrays and maps hold objects") {
  const auto objects = GoObject::parseArray(R"([{"KV":{"Verb":"set"}},{"KV":null}])").value();
  REQUIRE(objects.size() == 2);
  CHECK(objects[0].object("kv")->text("verb") == "set");
  CHECK_FALSE(objects[1].object("KV"));
  CHECK_FALSE(GoObject::parseArray("{}"));
  const auto map = GoObject::parse(R"({"A":{"lan":{"Port":1}},"B":[{"x":1},null]})").value();
  CHECK(map.objectMap("A").at("lan").number("Port") == 1);
  CHECK(map.objects("B").size() == 1);
}

TEST_CASE("go object: its members can be listed") {
  const auto object = GoObject::parse(R"({"b":null,"A":1})").value();
  CHECK(object.names() == std::vector<std::string>{"A", "b"});
}

TEST_CASE("go object: a number that no type can hold is refused, and does not throw") {
  for (const auto* body : {"444e43041", R"({"a":1e999})", "1e999 x"}) {
    const auto object = GoObject::parse(body);
    REQUIRE_FALSE(object);
    CHECK(object.error().message.starts_with("Request decode failed: "));
  }
}

}  // namespace cluster_lab::registry
