// Whatever a client sends as a request target and headers is read without harm, and where a path is
// not clean the redirect leads to one that is.
// sources: http/target.cpp http/redirect.cpp http/host_name.cpp http/accept_encoding.cpp
// sources: http/framing.cpp http/message.cpp http/head_meter.cpp
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/accept_encoding.hpp"
#include "http/framing.hpp"
#include "http/head_meter.hpp"
#include "http/host_name.hpp"
#include "http/redirect.hpp"
#include "http/target.hpp"

using namespace cluster_lab::http;

namespace {

void readTarget(const std::string& text) {
  const auto target = parseTarget(text);
  if (!target) return;
  const auto redirect = redirectToClean("GET", text, target->path);
  if (!redirect) return;
  const auto& location = redirect->headers.at(0).second;
  const auto again = parseTarget(location);
  if (!again || again->path != cleanPath(target->path)) std::abort();
  if (redirectToClean("GET", location, again->path)) std::abort();
}

void readHeader(const std::string& text) {
  static const HostNames names({"pi-1.example.org"});
  Request request;
  request.method = "PUT";
  request.headers = {{"Host", text},
                     {"Origin", text},
                     {"Content-Length", text},
                     {"Transfer-Encoding", text.substr(0, text.size() / 2)}};
  static_cast<void>(names.refusal(request));
  static_cast<void>(framingOf(request));
  request.headers.pop_back();
  static_cast<void>(framingOf(request));
  static_cast<void>(acceptsGzip(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  readTarget(text);
  readHeader(text);
  HeadMeter meter;
  static_cast<void>(meter.take(text));
  return 0;
}
