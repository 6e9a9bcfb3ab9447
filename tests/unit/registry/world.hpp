#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

#include "fixture.hpp"
#include "registry/consequences.hpp"
#include "registry/decide.hpp"
#include "registry/decide_kv.hpp"

namespace cluster_lab::registry::test {

/// A state to which decisions are put and carried out, with what follows from them.
struct World {
  State state;
  std::uint64_t term = 1;
  std::uint8_t leader = 1;  ///< the number of the node that writes

  template <typename T>
  T carryOut(decide::Decision<T> decision) {
    if (!decision.changes.empty()) {
      const Position at{.term = term, .writer = idOf(leader), .index = state.position().index + 1};
      auto changes = withConsequences(state, std::move(decision.changes));
      REQUIRE(state.apply({.at = at, .changes = std::move(changes)}));
    }
    return decision.answer;
  }
  template <typename T>
  T carryOut(Result<decide::Decision<T>> decision) {
    REQUIRE(decision);
    return carryOut(*std::move(decision));
  }
  std::string add(const NodeRegistration& node) {
    return carryOut(decide::registerNode(state, node));
  }
  bool put(const std::string& key, const std::string& value,
           std::optional<std::uint64_t> checkAndSet = {}) {
    return carryOut(decide::putKey(
        state, {.key = key, .value = value, .flags = 0, .checkAndSet = checkAndSet}));
  }
  bool erase(const std::string& key, bool recurse = false,
             std::optional<std::uint64_t> checkAndSet = {}) {
    return carryOut(
        decide::deleteKey(state, {.key = key, .recurse = recurse, .checkAndSet = checkAndSet}));
  }
  std::uint64_t index() const { return state.position().index; }
};

/// A service "web" with the id "web-NUMBER" on that node.
inline Service serviceOf(std::uint8_t node, const std::string& name = "web") {
  Service service;
  service.node = idOf(node);
  service.id = name + "-" + std::to_string(node);
  service.name = name;
  service.tags = {"v1"};
  service.port = 80;
  return service;
}

inline Check checkOf(const Service& service, Health status = Health::Passing) {
  Check check;
  check.node = service.node;
  check.id = "service:" + service.id;
  check.name = "answers";
  check.status = status;
  check.serviceId = service.id;
  return check;
}

}  // namespace cluster_lab::registry::test
