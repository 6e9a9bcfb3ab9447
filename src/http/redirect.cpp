#include "http/redirect.hpp"

#include <cstdint>
#include <vector>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

/// Go's net/url, shouldEscape() for paths.
bool staysInPath(char c) {
  constexpr std::string_view kMarks = "-_.~$&+,/:;=@";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

std::string encodedPath(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : path) {
    if (staysInPath(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
  return encoded;
}

/// Go's net/http, htmlReplacer.
std::string encodedHtml(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    switch (c) {
      case '&':
        encoded += "&amp;";
        break;
      case '<':
        encoded += "&lt;";
        break;
      case '>':
        encoded += "&gt;";
        break;
      case '"':
        encoded += "&#34;";
        break;
      case '\'':
        encoded += "&#39;";
        break;
      default:
        encoded += c;
    }
  }
  return encoded;
}

}  // namespace

std::string cleanPath(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const auto segment : split(path, '/')) {
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string clean;
  for (const auto segment : kept) clean += '/' + std::string(segment);
  if (clean.empty() || path.ends_with('/')) clean += '/';
  return clean;
}

std::optional<Response> redirectToClean(std::string_view method, std::string_view target,
                                        std::string_view path) {
  if (!path.starts_with('/') ||
      (path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos)) {
    return std::nullopt;
  }
  auto location = cleanPath(path);
  if (location == path) return std::nullopt;
  location = encodedPath(location);
  if (const auto mark = target.find('?'); mark != std::string_view::npos) {
    location += target.substr(mark);
  }
  Response response{301, "", "", {{"Location", location}}};
  if (method == "GET" || method == "HEAD") response.contentType = "text/html; charset=utf-8";
  if (method == "GET") {
    response.body = "<a href=\"" + encodedHtml(location) + "\">Moved Permanently</a>.\n\n";
  }
  return response;
}

}  // namespace cluster_lab::http
