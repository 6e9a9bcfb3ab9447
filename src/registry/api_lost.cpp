#include "registry/api.hpp"
#include "registry/api_write.hpp"
#include "registry/fields.hpp"
#include "registry/json_writer.hpp"
#include "registry/lost_files.hpp"
#include "registry/lost_keeper.hpp"
#include "registry/timeline.hpp"

namespace cluster_lab::registry {
namespace {

constexpr const char* kOneFile = "/cluster/v1/lost/*";

/// What the list says of a file; a damaged one is in it too, without a count.
void writeFile(JsonWriter& json, const std::string& name, const Result<LostWrites>& lost) {
  json.beginObject().member("name", name);
  if (lost) {
    json.member("node", lost->nodeName)
        .member("time", static_cast<std::uint64_t>(lost->time))
        .member("term", lost->last.term)
        .member("keys", lost->keys.size())
        .member("registrations", lost->registrations.size());
  } else {
    json.member("problem", lost.error().message);
  }
  json.endObject();
}

http::Response list(Api& api, const http::Request& request) {
  if (auto refusal = refusePeer(api, request, Permission::Client)) return *refusal;
  JsonWriter json(request.has("pretty"));
  json.beginArray();
  for (const auto& name : api.lost.names()) {
    const auto text = api.lost.read(name);
    writeFile(json, name, text ? lostWritesFromJson(*text) : fail(text.error()));
  }
  return http::json(json.endArray().finish());
}

http::Response notThere(const Error& error) {
  return error.code == ErrorCode::NotFound ? http::text(404, error.text()) : errorResponse(error);
}

http::Response show(Api& api, const http::Request& request) {
  if (auto refusal = refusePeer(api, request, Permission::Client)) return *refusal;
  auto text = api.lost.read(std::string(http::starOf(kOneFile, request.path)));
  return text ? http::json(*std::move(text)) : notThere(text.error());
}

http::Response remove(Api& api, const http::Request& request) {
  if (auto refusal = refusePeer(api, request, Permission::Client)) return *refusal;
  const auto done = api.lost.remove(std::string(http::starOf(kOneFile, request.path)));
  if (!done) return notThere(done.error());
  api.lostKeeper.tell();
  return http::json("true");
}

struct News {
  std::string node;
  std::string text;
};

/// Another node tells of what it keeps.
http::Response note(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Cluster, [&] {
    Fields fields(request.body);
    const auto news = fields.finish("news of lost writes",
                                    News{.node = fields.text("node"), .text = fields.text("text")});
    if (!news) return errorResponse(news.error());
    const auto noted = api.core.write([&](const WriteQueue::View& view) {
      return decide::tellLost(view.state, news->node, news->text, view.wallClock);
    });
    return noted ? http::json("true") : errorResponse(noted.error());
  });
}

}  // namespace

void addLostRoutes(http::Router& router, Api& api) {
  addGet(router, api, "/cluster/v1/lost", list);
  addEndpoint(router, kOneFile,
              {{"GET", [&api](const http::Request& request) { return show(api, request); }},
               {"DELETE", [&api](const http::Request& request) { return remove(api, request); }}});
  addEndpoint(router, "/cluster/v1/registry/lost",
              {{"PUT", [&api](const http::Request& request) { return note(api, request); }}});
}

}  // namespace cluster_lab::registry
