#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "registry/rows.hpp"

namespace cluster_lab::registry {

// Rows as JSON text: so they are in change sets, in the store and on the wire (docs/registry.md).
[[nodiscard]] std::string toJson(const NodeRegistration& node);
[[nodiscard]] std::string toJson(const Check& check);
[[nodiscard]] std::string toJson(const KvPair& pair);
[[nodiscard]] std::string toJson(const Lease& lease);
[[nodiscard]] std::string toJson(const Engine& engine);
[[nodiscard]] std::string toJson(const Service& service);
[[nodiscard]] std::string toJson(const Session& session);
[[nodiscard]] std::string toJson(const UserEvent& event);
[[nodiscard]] std::string toJson(const Occurrence& occurrence);
[[nodiscard]] std::string toJson(const Storage& storage);
/// What an agent tells the leader of its node; not a row, but made of rows.
[[nodiscard]] std::string toJson(const NodeServices& services);

/// The row in that text. InvalidArgument names what is missing or wrong; members that this version
/// does not know are ignored.
template <typename Row>
[[nodiscard]] Result<Row> fromJson(std::string_view text);

template <>
Result<NodeRegistration> fromJson(std::string_view text);
template <>
Result<Check> fromJson(std::string_view text);
template <>
Result<KvPair> fromJson(std::string_view text);
template <>
Result<Lease> fromJson(std::string_view text);
template <>
Result<Engine> fromJson(std::string_view text);
template <>
Result<Service> fromJson(std::string_view text);
template <>
Result<Session> fromJson(std::string_view text);
template <>
Result<UserEvent> fromJson(std::string_view text);
template <>
Result<Occurrence> fromJson(std::string_view text);
template <>
Result<Storage> fromJson(std::string_view text);
template <>
Result<NodeServices> fromJson(std::string_view text);

}  // namespace cluster_lab::registry
