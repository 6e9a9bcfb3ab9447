#include "http/gzip_bytes.hpp"
#include "registry/api.hpp"
#include "registry/api_query.hpp"
#include "registry/api_write.hpp"
#include "registry/decide_restore.hpp"
#include "registry/snapshot_file.hpp"

namespace cluster_lab::registry {
namespace {

// Unpacked; a node has 512 MB for everything.
constexpr std::size_t kLargestArchive = std::size_t{96} << 20U;

http::Response save(Api& api, const http::Request& request) {
  Snapshot snapshot;
  auto response = answerQuery(
      api, request,
      {.tables = TableSet::all(), .index = {}, .render = [&](const Core::View& view) {
         snapshot = view.state.snapshot();
         return http::Response{
             .status = 200, .contentType = "application/x-gzip", .body = {}, .headers = {}};
       }});
  if (response.status != 200) return response;
  auto packed = http::gzip(encodeSnapshot(snapshot));  // readers do not wait for this
  if (!packed) return http::text(500, "failed to write snapshot: " + packed.error().text());
  response.body = *std::move(packed);
  return response;
}

http::Response carryOut(Api& api, const http::Request& request) {
  const auto archive = http::gunzip(request.body, kLargestArchive);
  if (!archive) {
    return http::text(500, "failed to decompress snapshot: " + archive.error().message);
  }
  const auto snapshot = decodeSnapshot(*archive);
  if (!snapshot) return http::text(500, "failed to read snapshot: " + snapshot.error().message);
  const auto done = api.core.write([&](const WriteQueue::View& view) {
    return decide::restore(view.state, *snapshot, view.wallClock);
  });
  if (!done) {
    return http::text(storeStatusOf(done.error()),
                      "failed to restore snapshot: " + done.error().text());
  }
  return {.status = 200, .contentType = {}, .body = {}, .headers = {}};
}

http::Response restore(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Client, [&] { return carryOut(api, request); });
}

}  // namespace

void addSnapshotRoutes(http::Router& router, Api& api) {
  addEndpoint(router, "/v1/snapshot",
              {{"GET", [&api](const http::Request& request) { return save(api, request); }},
               {"PUT", [&api](const http::Request& request) { return restore(api, request); }}});
}

}  // namespace cluster_lab::registry
