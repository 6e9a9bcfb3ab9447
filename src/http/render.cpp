#include "http/render.hpp"

#include "base/text.hpp"
#include "http/head.hpp"

namespace cluster_lab::http {
namespace {

/// RFC 9110 section 15; clients show it, none reads it.
std::string_view reasonOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

void addHeader(std::string& head, std::string_view name, std::string_view value) {
  if (!isToken(name) || !hasNoControls(value)) return;
  head.append(name).append(": ").append(value).append("\r\n");
}

/// What the rendering itself decides.
bool isOurs(const std::string& name) {
  const auto lower = toLower(name);
  return lower == "content-length" || lower == "transfer-encoding" || lower == "connection";
}

void addHeaders(std::string& head, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!isOurs(name)) addHeader(head, name, value);
  }
}

}  // namespace

std::string renderHead(const Response& response, bool keepAlive) {
  auto head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reasonOf(response.status)).append("\r\n");
  if (!response.contentType.empty()) addHeader(head, "Content-Type", response.contentType);
  addHeaders(head, response.headers);
  const bool mayHaveBody = response.status != 204 && response.status != 304;
  if (mayHaveBody) addHeader(head, "Content-Length", std::to_string(response.body.size()));
  addHeader(head, "Connection", keepAlive ? "keep-alive" : "close");
  return head + "\r\n";
}

std::string renderHead(const Request& request, std::string_view target, std::string_view host) {
  auto head = request.method + " ";
  head.append(target).append(" HTTP/1.1\r\n");
  addHeader(head, "Host", host);
  addHeader(head, "User-Agent", "cluster-lab");
  addHeaders(head, request.headers);
  const bool announces = !request.body.empty() || request.method == "PUT" ||
                         request.method == "POST" || request.method == "PATCH";
  if (announces) addHeader(head, "Content-Length", std::to_string(request.body.size()));
  return head + "\r\n";
}

}  // namespace cluster_lab::http
