// The shape of answers: compression, types, redirects, streams.
#include <doctest/doctest.h>
#include <zlib.h>

#include <atomic>
#include <vector>

#include "http/accept_encoding.hpp"
#include "test_server.hpp"

namespace cluster_lab::http {
namespace {

using namespace std::chrono_literals;

/// What RFC 1952 makes of it.
std::string unpacked(const std::string& gzip) {
  std::string plain(100'000, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
  std::vector<Bytef> input(gzip.begin(), gzip.end());
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  return plain;
}

std::string bodyOf(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

bool has(const std::string& answer, std::string_view what) {
  return answer.find(what) != std::string::npos;
}

/// "/SIZE" is answered with so many bytes of JSON.
Response sized(const Request& request) {
  return json(std::string(static_cast<std::size_t>(std::stoi(request.path.substr(1))), 'j'));
}

std::string ask(const Server& server, const std::string& line, const std::string& headers = "") {
  return answerTo(server, line + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
}

}  // namespace

TEST_CASE("gzip: a header names it, with any weight but zero") {
  for (const auto* header : {"gzip", "deflate, gzip", "br;q=1, GZIP;q=0.5", "gzip;q=1.0"}) {
    INFO(header);
    CHECK(acceptsGzip(header));
  }
  for (const auto* header : {"", "*", "gzip;q=0", "gzip; q=0.0", "deflate", "x-gzip", "notgzip"}) {
    INFO(header);
    CHECK_FALSE(acceptsGzip(header));
  }
}

TEST_CASE("server: large answers are compressed for clients that take it") {
  const auto server = started(onLoopback(), sized);
  const auto answer = ask(*server, "GET /50000", "Accept-Encoding: gzip, deflate\r\n");
  CHECK(has(answer, "\r\nContent-Encoding: gzip\r\n"));
  CHECK(has(answer, "\r\nVary: Accept-Encoding\r\n"));
  CHECK(has(answer, "\r\nContent-Type: application/json\r\n"));
  CHECK(answer.size() < 5000);
  CHECK(unpacked(bodyOf(answer)) == std::string(50'000, 'j'));
}

TEST_CASE("server: small answers and those for other clients stay as they are") {
  const auto server = started(onLoopback(), sized);
  const auto small = ask(*server, "GET /1399", "Accept-Encoding: gzip\r\n");
  CHECK_FALSE(has(small, "Content-Encoding"));
  CHECK(has(small, "\r\nVary: Accept-Encoding\r\n"));
  CHECK(bodyOf(small).size() == 1399);
  CHECK(bodyOf(ask(*server, "GET /1400", "Accept-Encoding: br\r\n")).size() == 1400);
  CHECK(bodyOf(ask(*server, "GET /1400")).size() == 1400);
}

TEST_CASE("server: what is compressed already is left alone") {
  const auto server = started(onLoopback(), [](const Request&) {
    return Response{200, "image/png", std::string(5000, 'p'), {}};
  });
  CHECK_FALSE(has(ask(*server, "GET /", "Accept-Encoding: gzip\r\n"), "Content-Encoding"));
}

TEST_CASE("server: HEAD tells the length that GET would have, compressed too") {
  const auto server = started(onLoopback(), sized);
  const auto lengthOf = [](const std::string& answer) {
    const auto begin = answer.find("Content-Length: ");
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
  };
  for (const auto* headers : {"", "Accept-Encoding: gzip\r\n"}) {
    const auto head = ask(*server, "HEAD /5000", headers);
    CHECK(lengthOf(head) == lengthOf(ask(*server, "GET /5000", headers)));
    CHECK(bodyOf(head).empty());
  }
}

TEST_CASE("server: an answer without a type has no Content-Type") {
  const auto server = started(onLoopback(), [](const Request& request) {
    return Response{200, "", request.path == "/body" ? "text" : "", {}};
  });
  CHECK_FALSE(has(ask(*server, "GET /"), "Content-Type"));
  CHECK_FALSE(has(ask(*server, "GET /body"), "Content-Type"));
  CHECK(has(ask(*server, "GET /"), "\r\nContent-Length: 0\r\n"));
}

TEST_CASE("server: a path that is not clean is redirected, and the connection lives on") {
  const auto server = started(onLoopback());
  RawClient raw(server->port());
  raw.send("PUT /a//b?c HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
  const auto moved = raw.readUntil("\r\n\r\n");
  CHECK(moved.starts_with("HTTP/1.1 301 "));
  CHECK(has(moved, "\r\nLocation: /a/b?c\r\n"));
  raw.send("GET /a/b HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(raw.readUntil("got ").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("server: a stream goes out in chunks, and the connection lives on") {
  const auto server = started(onLoopback(), [](const Request&) {
    Response response{200, "text/plain", "", {}};
    response.stream = [count = 0](std::string& piece) mutable {
      if (count != 1) piece = "piece " + std::to_string(count);
      return ++count < 3;
    };
    return response;
  });
  RawClient raw(server->port());
  for (int i = 0; i < 2; ++i) {
    raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = raw.readUntil("\r\n0\r\n\r\n");
    CHECK(has(answer, "\r\nTransfer-Encoding: chunked\r\n"));
    CHECK_FALSE(has(answer, "Content-Length"));
    CHECK(bodyOf(answer) == "7\r\npiece 0\r\n7\r\npiece 2\r\n0\r\n\r\n");
  }
}

TEST_CASE("server: HTTP/1.0 gets a stream up to the end of the connection") {
  const auto server = started(onLoopback(), [](const Request&) {
    Response response{200, "text/plain", "", {}};
    response.stream = [](std::string& piece) {
      piece = "all";
      return false;
    };
    return response;
  });
  const auto answer = answerTo(*server, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  CHECK(bodyOf(answer) == "all");
  CHECK_FALSE(has(answer, "Transfer-Encoding"));
}

TEST_CASE("server: a stream ends when its client hangs up, and when the server stops") {
  std::atomic<int> running = 0;
  const auto endless = [&running](const Request&) {
    Response response{200, "text/plain", "", {}};
    auto guard = std::shared_ptr<int>(new int(++running), [&running](const int* number) {
      delete number;
      --running;
    });
    response.stream = [guard](std::string& piece) {
      piece = "x";
      return true;
    };
    return response;
  };
  auto server = started(onLoopback(), endless);
  {
    RawClient raw(server->port());
    raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(has(raw.readUntil("1\r\nx\r\n"), "1\r\nx\r\n"));
    CHECK(running == 1);
  }
  CHECK(eventually([&running] { return running == 0; }));
  RawClient raw(server->port());
  raw.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(has(raw.readUntil("1\r\nx\r\n"), "1\r\nx\r\n"));
  server.reset();
  CHECK(running == 0);
}

}  // namespace cluster_lab::http
