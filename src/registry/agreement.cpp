#include "registry/agreement.hpp"

#include <algorithm>

namespace cluster_lab::registry {

bool mayFollow(const Storage& own, const Storage& leaders) {
  if (own.number != leaders.number) return leaders.number > own.number;
  return own.founder == leaders.founder || leaders.members.size() >= own.members.size();
}

Storage nextAgreement(const Storage& before, Storage wanted, const NodeId& self) {
  const auto least = before.number + (before.kind == wanted.kind ? 0 : 1);
  wanted.number = std::max(wanted.number, least);
  wanted.founder = wanted.number == before.number ? before.founder : self;
  return wanted;
}

bool keepsTwice(const Storage& storage) {
  return storage.isShared() && storage.members.size() > 2;
}

}  // namespace cluster_lab::registry
