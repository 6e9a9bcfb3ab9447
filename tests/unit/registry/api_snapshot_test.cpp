#include <doctest/doctest.h>

#include "fixture.hpp"
#include "http/gzip_bytes.hpp"
#include "wire/tar.hpp"

namespace cluster_lab::registry {

using test::headerOf;
using test::LeadingRegistry;

TEST_CASE("snapshot api: what is saved can be restored") {
  const LeadingRegistry world;
  world.ask("PUT", "/v1/kv/a", "past");
  const auto saved = world.get("/v1/snapshot");
  CHECK(saved.status == 200);
  CHECK(saved.contentType == "application/x-gzip");
  CHECK(headerOf(saved, "X-Consul-Index") == "1");
  world.ask("PUT", "/v1/kv/a", "changed");
  world.ask("PUT", "/v1/kv/b", "new");
  const auto restored = world.ask("PUT", "/v1/snapshot", saved.body);
  CHECK(restored.status == 200);
  CHECK(restored.body.empty());
  CHECK(world.get("/v1/kv/a?raw").body == "past");
  CHECK(world.get("/v1/kv/b").status == 404);
  CHECK(world.registry->index() == 4);
}

TEST_CASE("snapshot api: holds the files that Consul's command looks for") {
  const LeadingRegistry world;
  const auto archive = http::gunzip(world.get("/v1/snapshot").body, 1000000).value();
  const auto files = wire::decodeTar(archive).value();
  REQUIRE(files.size() == 3);
  CHECK(files[0].name == "meta.json");
  CHECK(files[1].name == "state.bin");
  CHECK(files[2].name == "SHA256SUMS");
}

TEST_CASE("snapshot api: what is no snapshot is refused in Consul's words, and changes nothing") {
  const LeadingRegistry world;
  world.ask("PUT", "/v1/kv/a", "x");
  const auto refusal = [&](const std::string& body) {
    const auto response = world.ask("PUT", "/v1/snapshot", body);
    CHECK(response.status == 500);
    return response.body;
  };
  const auto saved = world.get("/v1/snapshot").body;
  CHECK(refusal("garbage") == "failed to decompress snapshot: unexpected EOF");
  CHECK(refusal("garbage, and more of it") ==
        "failed to decompress snapshot: gzip: invalid header");
  CHECK(refusal("") == "failed to decompress snapshot: EOF");
  CHECK(refusal(saved.substr(0, saved.size() / 2)) ==
        "failed to decompress snapshot: unexpected EOF");
  CHECK(refusal(http::gzip("x").value()) == "failed to read snapshot: the archive is cut off");
  CHECK(world.registry->index() == 1);
}

}  // namespace cluster_lab::registry
