#include "http/render.hpp"

#include <doctest/doctest.h>

#include "http/head.hpp"

namespace cluster_lab::http {

TEST_CASE("render: a response has type, own headers and length") {
  Response response{200, "text/html", "<p>", {{"X-Consul-Index", "7"}, {"X-Consul-Index", "8"}}};
  CHECK(renderHead(response, true) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Consul-Index: 7\r\nX-Consul-Index: 8\r\n"
        "Content-Length: 3\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("render: no header can break out or contradict the length") {
  Response response{404, "a\r\nX: y", "abc", {}};
  response.headers = {{"content-length", "9"},
                      {"Transfer-Encoding", "chunked"},
                      {"A b", "x"},
                      {"B", "x\r\nC: y"},
                      {"Connection", "upgrade"}};
  CHECK(renderHead(response, false) ==
        "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
}

TEST_CASE("render: what may not have a body has no length") {
  CHECK(renderHead(Response{204, "", "", {}}, true).find("Content-Length") == std::string::npos);
}

TEST_CASE("render: a request is read back as it was") {
  Request request;
  request.method = "PUT";
  request.body = "12";
  request.headers = {{"X-A", "b"}};
  const auto head = parseRequestHead(renderHead(request, "/x?y", "pi:8500"));
  REQUIRE(head);
  CHECK(head->target == "/x?y");
  CHECK(findHeader(head->headers, "host") == "pi:8500");
  CHECK(findHeader(head->headers, "content-length") == "2");
  request.method = "GET";
  request.body.clear();
  CHECK(renderHead(request, "/", "h").find("Content-Length") == std::string::npos);
}

}  // namespace cluster_lab::http
