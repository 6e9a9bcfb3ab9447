#include "http/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <string>

#include "http/accept_encoding.hpp"

namespace cluster_lab::http {
namespace {

/// As Consul (gziphandler.DefaultMinSize): smaller ones fit into one packet as they are.
constexpr std::size_t kLeastSize = 1400;
/// RFC 1952 instead of 1950.
constexpr int kGzipWindow = MAX_WBITS + 16;
constexpr int kMemoryLevel = 8;

/// nullopt: no memory.
std::optional<std::string> deflated(const std::string& from) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string to(deflateBound(&stream, static_cast<uLong>(from.size())), '\0');
  stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(from.data()));
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(to.data());
  stream.avail_out = static_cast<uInt>(to.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  to.resize(stream.total_out);
  deflateEnd(&stream);
  return whole ? std::optional(std::move(to)) : std::nullopt;
}

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
  auto body = deflated(response.body);
  freePlaces_.release();
  if (!body) return;
  response.body = std::move(*body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace cluster_lab::http
