#include <expected>
#include <optional>

#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/consul_json.hpp"
#include "registry/decide_kv.hpp"
#include "registry/go_values.hpp"

namespace cluster_lab::registry {
namespace {

constexpr std::size_t kLargestValue = std::size_t{512} * 1024;  // Consul's kv_max_value_size

std::string keyOf(const http::Request& request) {
  return std::string(http::starOf("/v1/kv/*", request.path));
}

http::Response missingKey() {
  return http::text(400, "Missing key name");
}

http::Response notFound() {
  return {.status = 404, .contentType = {}, .body = {}, .headers = {}};
}

/// The number in that parameter, which Consul reads with strconv.ParseUint; nullopt: not given.
std::expected<std::optional<std::uint64_t>, http::Response> numberIn(const http::Request& request,
                                                                     const char* name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto number = parseGoUnsigned(*text);
  if (number) return number;
  return std::unexpected(
      http::text(500, "strconv.ParseUint: parsing \"" + *text + "\": invalid syntax"));
}

/// Consul's refusal of two or more of these parameters.
std::optional<http::Response> refuseTogether(const http::Request& request,
                                             std::initializer_list<const char*> names) {
  unsigned found = 0;
  for (const auto* name : names) found += request.has(name) ? 1U : 0U;
  if (found < 2) return std::nullopt;
  std::string text = "Conflicting flags: ";
  char separator = '\0';
  for (const auto& [name, value] : request.query) {
    if (separator != '\0') text += separator;
    separator = '&';
    text.append(name).append("=").append(value);
  }
  return http::text(400, text);
}

http::Response rawValue(const KvPair& pair) {
  return {
      .status = 200,
      .contentType = "text/plain",
      .body = pair.value,
      .headers = {{"X-Content-Type-Options", "nosniff"}, {"Content-Security-Policy", "sandbox"}}};
}

http::Response getOne(Api& api, const http::Request& request, const std::string& key) {
  const auto find = [&](const State& state) {
    const auto pair = state.kv().find(key);
    return pair == state.kv().end() ? nullptr : &pair->second;
  };
  return answerQuery(api, request,
                     {.tables = {Table::Kv},
                      .index =
                          [&](const State& state) {
                            const auto* pair = find(state);
                            return pair == nullptr ? state.index({Table::Kv}) : pair->modified;
                          },
                      .render =
                          [&](const Core::View& view) {
                            const auto* pair = find(view.state);
                            if (pair == nullptr) return notFound();
                            if (request.has("raw")) return rawValue(pair->row);
                            JsonWriter json(request.has("pretty"));
                            json.beginArray();
                            consul::writePair(json, key, *pair);
                            return http::json(json.endArray().finish());
                          }});
}

/// Calls `use(key, pair)` for each key of the prefix.
template <typename Use>
void forEachUnder(const State& state, const std::string& prefix, Use use) {
  for (auto pair = state.kv().lower_bound(prefix);
       pair != state.kv().end() && pair->first.starts_with(prefix); ++pair) {
    use(pair->first, pair->second);
  }
}

http::Response getTree(Api& api, const http::Request& request, const std::string& prefix) {
  return answerQuery(api, request,
                     {.tables = {Table::Kv},
                      .index = [&](const State& state) { return state.kvIndexUnder(prefix); },
                      .render =
                          [&](const Core::View& view) {
                            bool any = false;
                            JsonWriter json(request.has("pretty"));
                            json.beginArray();
                            forEachUnder(view.state, prefix,
                                         [&](const auto& key, const auto& pair) {
                                           consul::writePair(json, key, pair);
                                           any = true;
                                         });
                            return any ? http::json(json.endArray().finish()) : notFound();
                          }});
}

/// The key up to and with the first separator behind the prefix.
std::string_view cut(std::string_view key, std::size_t prefixSize, std::string_view separator) {
  if (separator.empty()) return key;
  const auto at = key.find(separator, prefixSize);
  return at == std::string_view::npos ? key : key.substr(0, at + separator.size());
}

http::Response getKeys(Api& api, const http::Request& request, const std::string& prefix) {
  const auto separator = request.parameter("separator").value_or("");
  return answerQuery(api, request,
                     {.tables = {Table::Kv},
                      .index = [&](const State& state) { return state.kvIndexUnder(prefix); },
                      .render =
                          [&](const Core::View& view) {
                            std::string last;
                            JsonWriter json(request.has("pretty"));
                            json.beginArray();
                            forEachUnder(view.state, prefix,
                                         [&](const std::string& key, const auto&) {
                                           const auto shown = cut(key, prefix.size(), separator);
                                           if (shown == last) return;
                                           json.string(shown);
                                           last = shown;
                                         });
                            const bool found = !last.empty() || prefix.empty();
                            return found ? http::json(json.endArray().finish()) : notFound();
                          }});
}

http::Response get(Api& api, const http::Request& request) {
  const auto key = keyOf(request);
  if (request.has("keys")) return getKeys(api, request, key);
  if (request.has("recurse")) return getTree(api, request, key);
  return key.empty() ? missingKey() : getOne(api, request, key);
}

http::Response answerOf(const Result<bool>& done) {
  if (!done) return http::text(storeStatusOf(done.error()), done.error().text());
  return http::json(*done ? "true" : "false");
}

Result<bool> carryOut(Core& core, const http::Request& request, const decide::KeyPut& put) {
  const auto acquire = request.parameter("acquire");
  const auto release = request.parameter("release");
  if (!acquire && !release) {
    return core.writeKey(put.key, [&](const State& state) { return decide::putKey(state, put); });
  }
  const decide::KeyLock lock{.key = put.key,
                             .value = put.value,
                             .flags = put.flags,
                             .session = acquire ? *acquire : *release};
  using Decided = Result<decide::Decision<bool>>;
  return core.writeKey(lock.key, [&](const WriteQueue::View& view) -> Decided {
    if (!acquire) return decide::unlockKey(view.state, lock);
    if (view.lockDelays.holdsBack(lock.key, view.now)) return decide::Decision<bool>{};
    return decide::lockKey(view.state, lock);
  });
}

http::Response put(Api& api, const http::Request& request) {
  const auto key = keyOf(request);
  if (key.empty()) return missingKey();
  if (auto refusal = refuseTogether(request, {"cas", "acquire", "release"})) return *refusal;
  const auto flags = numberIn(request, "flags");
  if (!flags) return flags.error();
  const auto checkAndSet = numberIn(request, "cas");
  if (!checkAndSet) return checkAndSet.error();
  if (request.body.size() > kLargestValue) {
    return requestTooLarge(request.body.size(), kLargestValue, "kv_max_value_size");
  }
  const decide::KeyPut wanted{
      .key = key, .value = request.body, .flags = flags->value_or(0), .checkAndSet = *checkAndSet};
  return answerOf(carryOut(api.core, request, wanted));
}

http::Response erase(Api& api, const http::Request& request) {
  decide::KeyDelete wanted{
      .key = keyOf(request), .recurse = request.has("recurse"), .checkAndSet = {}};
  if (wanted.key.empty() && !wanted.recurse) return missingKey();
  if (auto refusal = refuseTogether(request, {"recurse", "cas"})) return *refusal;
  const auto checkAndSet = numberIn(request, "cas");
  if (!checkAndSet) return checkAndSet.error();
  wanted.checkAndSet = *checkAndSet;
  const auto decide = [&](const State& state) { return decide::deleteKey(state, wanted); };
  return answerOf(wanted.recurse ? api.core.write(decide) : api.core.writeKey(wanted.key, decide));
}

}  // namespace

void addKvRoutes(http::Router& router, Api& api) {
  const auto writing = [&api](auto handler) {
    return [&api, handler](const http::Request& request) {
      return answerWrite(api, request, Permission::Client, [&] { return handler(api, request); });
    };
  };
  addEndpoint(router, "/v1/kv/*",
              {{"GET", [&api](const http::Request& request) { return get(api, request); }},
               {"PUT", writing(put)},
               {"DELETE", writing(erase)}});
}

}  // namespace cluster_lab::registry
