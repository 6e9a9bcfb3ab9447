#include "registry/json_writer.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::registry {

TEST_CASE("json writer: compact text has no blanks") {
  JsonWriter json;
  json.beginObject().member("a", 1).key("b").beginArray().null().boolean(true).endArray();
  CHECK(json.key("c").beginObject().endObject().endObject().finish() ==
        R"({"a":1,"b":[null,true],"c":{}})");
}

TEST_CASE("json writer: wide text is indented by four blanks and ends with a line end") {
  JsonWriter json(true);
  json.beginArray().beginObject().member("a", "x").key("e").beginArray().endArray().endObject();
  CHECK(json.endArray().finish() ==
        "[\n    {\n        \"a\": \"x\",\n        \"e\": []\n    }\n]\n");
}

TEST_CASE("json writer: escapes what Go escapes") {
  CHECK(JsonWriter().string("<a>&\"\\\n\r\t\x01\x7F").finish() ==
        "\"\\u003ca\\u003e\\u0026\\\"\\\\\\n\\r\\t\\u0001\x7F\"");
}

TEST_CASE("json writer: keeps UTF-8 and replaces what is none") {
  CHECK(JsonWriter().string("\u00e9\u20ac\U0001F600").finish() == "\"\u00e9\u20ac\U0001F600\"");
  CHECK(JsonWriter().string("a\xFF\xC3").finish() == "\"a\\ufffd\\ufffd\"");
  CHECK(JsonWriter().string("\xED\xA0\x80").finish() == "\"\\ufffd\\ufffd\\ufffd\"");
  CHECK(JsonWriter().string("\xC0\x80").finish() == "\"\\ufffd\\ufffd\"");
}

TEST_CASE("json writer: writes the largest number") {
  CHECK(JsonWriter().number(18446744073709551615U).finish() == "18446744073709551615");
}

}  // namespace cluster_lab::registry
