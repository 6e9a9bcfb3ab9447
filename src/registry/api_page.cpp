#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "os/file.hpp"
#include "registry/api.hpp"
#include "registry/api_overview.hpp"

namespace cluster_lab::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t{4} << 20U;

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes = {
    {{".html", "text/html; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".json", "application/json"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".ico", "image/x-icon"},
     {".woff2", "font/woff2"},
     {".txt", "text/plain; charset=utf-8"}}};

std::string typeOf(const fs::path& file) {
  const auto* type = std::ranges::find(kTypes, file.extension().string(),
                                       [](const auto& entry) { return entry.first; });
  return std::string(type == kTypes.end() ? "application/octet-stream" : type->second);
}

/// No way out of the folder: names that begin with a point are none of the page's.
bool isSafe(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return false;
  return std::ranges::none_of(split(path, '/'), [](std::string_view name) {
    return name.empty() || name.starts_with('.');
  });
}

/// FNV-1a: changes when the content does, the same on every node.
std::string tagOf(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char letter : content) {
    hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3U;
  }
  return fmt::format("\"{:016x}\"", hash);
}

http::Response notInstalled(const fs::path& folder) {
  return http::text(404, "The page is not here: there is no index.html in " + folder.string() +
                             ". It comes with the package hypriot-cluster-lab. The registry itself "
                             "works: try /v1/catalog/nodes.");
}

http::Response page(const fs::path& folder, const http::Request& request) {
  std::string name(http::starOf("/ui/*", request.path));
  const bool isFront = name.empty();
  if (isFront) name = "index.html";
  const auto file = folder / name;
  const auto content = isSafe(name) ? os::readFile(file, kLargestFile) : Result<std::string>("");
  if (!isSafe(name)) return http::text(404, "not found");
  if (!content) return isFront ? notInstalled(folder) : http::text(404, "not found");
  http::Response response{.status = 200,
                          .contentType = typeOf(file),
                          .body = {},
                          .headers = {{"Cache-Control", "no-cache"},
                                      {"ETag", tagOf(*content)},
                                      {"X-Content-Type-Options", "nosniff"}}};
  if (request.header("If-None-Match") == tagOf(*content)) {
    response.status = 304;
  } else {
    response.body = *content;
  }
  return response;
}

http::Response moved(const http::Request&) {
  return {.status = 301, .contentType = {}, .body = {}, .headers = {{"Location", "/ui/"}}};
}

}  // namespace

void addPageRoutes(http::Router& router, Api& api) {
  const auto show = [&api](const http::Request& request) {
    return page(api.options.pageDirectory, request);
  };
  addEndpoint(router, "/", {{"GET", moved}, {"HEAD", moved}});
  addEndpoint(router, "/ui", {{"GET", moved}, {"HEAD", moved}});
  addOverviewRoutes(router, api);
  addEndpoint(router, "/ui/*", {{"GET", show}, {"HEAD", show}});
}

}  // namespace cluster_lab::registry
