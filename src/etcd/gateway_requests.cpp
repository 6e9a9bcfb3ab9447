#include <utility>

#include "etcd/gateway.hpp"
#include "registry/base64.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::etcd {
namespace {

using registry::JsonWriter;
using registry::toBase64;

/// An object whose only member is that number.
Request withNumber(std::string target, std::string_view name, std::uint64_t number) {
  JsonWriter json;
  json.beginObject().member(name, std::to_string(number)).endObject();
  return {std::move(target), json.finish()};
}

JsonWriter& memberUrls(JsonWriter& json, const std::string& peerUrl) {
  return json.key("peerURLs").beginArray().string(peerUrl).endArray();
}

void keys(JsonWriter& json, const std::string& key, const std::string& end) {
  json.member("key", toBase64(key));
  if (!end.empty()) json.member("range_end", toBase64(end));
}

void guard(JsonWriter& json, const Guard& guard) {
  json.beginObject().member("key", toBase64(guard.key));
  json.member("target", "MOD").member("result", "EQUAL");
  json.member("mod_revision", std::to_string(guard.modified)).endObject();
}

void put(JsonWriter& json, const Put& put) {
  json.beginObject().key("request_put").beginObject();
  json.member("key", toBase64(put.key)).member("value", toBase64(put.value));
  if (put.lease != 0) json.member("lease", std::to_string(put.lease));
  json.endObject().endObject();
}

void erase(JsonWriter& json, const Erase& erase) {
  json.beginObject().key("request_delete_range").beginObject();
  keys(json, erase.key, erase.end);
  json.endObject().endObject();
}

void read(JsonWriter& json, const std::string& key) {
  json.beginObject().key("request_range").beginObject();
  json.member("key", toBase64(key)).endObject().endObject();
}

}  // namespace

Request render(const RangeRequest& request) {
  JsonWriter json;
  json.beginObject();
  keys(json, request.key, request.end);
  if (request.revision != 0) json.member("revision", std::to_string(request.revision));
  if (request.limit != 0) json.member("limit", std::to_string(request.limit));
  if (request.local) json.key("serializable").boolean(true);
  json.endObject();
  return {"/v3/kv/range", json.finish()};
}

Request render(const Transaction& transaction) {
  JsonWriter json;
  json.beginObject().key("compare").beginArray();
  for (const auto& one : transaction.guards) guard(json, one);
  json.endArray().key("success").beginArray();
  for (const auto& one : transaction.erases) erase(json, one);
  for (const auto& one : transaction.puts) put(json, one);
  json.endArray().key("failure").beginArray();
  for (const auto& key : transaction.otherwiseRead) read(json, key);
  json.endArray().endObject();
  return {"/v3/kv/txn", json.finish()};
}

Request renderCompaction(std::uint64_t revision) {
  return withNumber("/v3/kv/compaction", "revision", revision);
}

Request renderGrant(std::chrono::seconds lifetime) {
  return withNumber("/v3/lease/grant", "TTL", static_cast<std::uint64_t>(lifetime.count()));
}

Request renderKeepAlive(std::uint64_t lease) {
  return withNumber("/v3/lease/keepalive", "ID", lease);
}

Request renderRevoke(std::uint64_t lease) {
  return withNumber("/v3/lease/revoke", "ID", lease);
}

Request renderMemberList() {
  return {"/v3/cluster/member/list", "{}"};
}

Request renderMemberAdd(const std::string& peerUrl) {
  JsonWriter json;
  memberUrls(json.beginObject(), peerUrl).key("isLearner").boolean(true).endObject();
  return {"/v3/cluster/member/add", json.finish()};
}

Request renderMemberPromote(std::uint64_t member) {
  return withNumber("/v3/cluster/member/promote", "ID", member);
}

Request renderMemberUpdate(std::uint64_t member, const std::string& peerUrl) {
  JsonWriter json;
  json.beginObject().member("ID", std::to_string(member));
  memberUrls(json, peerUrl).endObject();
  return {"/v3/cluster/member/update", json.finish()};
}

Request renderMemberRemove(std::uint64_t member) {
  return withNumber("/v3/cluster/member/remove", "ID", member);
}

Request renderStatus() {
  return {"/v3/maintenance/status", "{}"};
}

Request renderTransfer(std::uint64_t member) {
  return withNumber("/v3/maintenance/transfer-leadership", "targetID", member);
}

std::string endOfPrefix(std::string prefix) {
  ++prefix.back();
  return prefix;
}

}  // namespace cluster_lab::etcd
