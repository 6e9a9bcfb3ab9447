#include "http/final_answer.hpp"

namespace cluster_lab::http {
namespace {

/// RFC 9110 section 15 and RFC 6585; those that we use here.
const char* reasonOf(int status) {
  switch (status) {
    case 408:
      return "Request Timeout";
    case 414:
      return "URI Too Long";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Bad Request";
  }
}

}  // namespace

std::string finalAnswer(const Response& response) {
  std::string bytes =
      "HTTP/1.1 " + std::to_string(response.status) + " " + reasonOf(response.status) + "\r\n";
  bytes += "Content-Type: " + response.contentType + "\r\n";
  bytes += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  for (const auto& [name, value] : response.headers) {
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  return bytes + "Connection: close\r\n\r\n" + response.body;
}

}  // namespace cluster_lab::http
