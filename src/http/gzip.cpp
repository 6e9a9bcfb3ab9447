#include "http/gzip.hpp"

#include <algorithm>
#include <string>

#include "http/accept_encoding.hpp"
#include "http/gzip_bytes.hpp"

namespace cluster_lab::http {
namespace {

/// As Consul (gziphandler.DefaultMinSize): smaller ones fit into one packet as they are.
constexpr std::size_t kLeastSize = 1400;

bool hasHeader(const Response& response, std::string_view name) {
  return std::ranges::any_of(response.headers,
                             [name](const auto& header) { return header.first == name; });
}

/// Images and the like are compressed already.
bool isWorthIt(const Response& response) {
  const auto& type = response.contentType;
  return response.body.size() >= kLeastSize && !response.stream &&
         !hasHeader(response, "Content-Encoding") && !type.starts_with("application/x-gzip") &&
         (!type.starts_with("image/") || type.starts_with("image/svg"));
}

}  // namespace

void Gzip::encode(const Request& request, Response& response) {
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!isWorthIt(response) || !acceptsGzip(request.header("Accept-Encoding").value_or(""))) return;
  if (!freePlaces_.try_acquire()) return;
  auto body = gzip(response.body);
  freePlaces_.release();
  if (!body) return;
  response.body = std::move(*body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace cluster_lab::http
