#include "registry/api.hpp"
#include "registry/api_write.hpp"
#include "registry/storage_duties.hpp"

/// Where the registry is kept: told, moved and recovered.
namespace cluster_lab::registry {
namespace {

http::Response refused(const Error& error) {
  const bool known =
      error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::Unavailable;
  return known ? errorResponse(error) : http::text(409, error.text());
}

http::Response describe(Api& api, const http::Request& request) {
  if (auto refusal = refusePeer(api, request, Permission::Client)) return *refusal;
  return http::json(api.options.storageDuties->describe());
}

http::Response convert(Api& api, const http::Request& request) {
  return answerWrite(api, request, Permission::Client, [&] {
    const auto done = api.options.storageDuties->convert(request.parameter("kind").value_or(""));
    return done ? http::json("true") : refused(done.error());
  });
}

http::Response recover(Api& api, const http::Request& request) {
  if (auto refusal = refusePeer(api, request, Permission::Client)) return *refusal;
  const auto done = api.options.storageDuties->recover();
  return done ? http::json("true") : refused(done.error());
}

}  // namespace

void addStorageRoutes(http::Router& router, Api& api) {
  if (api.options.storageDuties == nullptr) return;
  addEndpoint(router, "/cluster/v1/registry/storage",
              {{"GET", [&api](const http::Request& request) { return describe(api, request); }},
               {"PUT", [&api](const http::Request& request) { return convert(api, request); }}});
  addPut(router, api, "/cluster/v1/registry/recovery", recover);
}

}  // namespace cluster_lab::registry
