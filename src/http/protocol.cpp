#include "http/protocol.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/body_budget.hpp"
#include "http/connection.hpp"
#include "http/final_answer.hpp"
#include "http/framing.hpp"
#include "http/gzip.hpp"
#include "http/head_meter.hpp"
#include "http/redirect.hpp"
#include "http/target.hpp"

namespace cluster_lab::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

/// A body must come as fast on average, in bytes a second; a slower sender is given up.
constexpr std::size_t kLeastRate = 8192;

/// What is known of the request that a connection's thread is serving. The parser's callbacks are
/// not told on which connection they are called: hence the thread_local.
struct Exchange {
  Exchange(Connection& on, BodyBudget& budget) : connection(on), share(budget) {}

  Connection& connection;
  BodyBudget::Share share;
  TimePoint begun = Clock::now();
  HeadMeter head;
  bool headRead = false;
  Request request;
  Framing framing;
  std::size_t maxBody = 0;
  bool chunks = false;                ///< the client understands a body in chunks
  std::optional<Response> refusal;    ///< decided before the handler was asked
  std::optional<Response> redirect;   ///< as well, but the body is read
  std::optional<Response> breakdown;  ///< the request cannot be read any further
  BodySource stream;                  ///< what follows the headers of the answer
  bool untyped = false;               ///< the answer has no Content-Type
  bool keepAlive = false;             ///< the request was understood to its last byte
};
thread_local Exchange* current_exchange = nullptr;

/// The connection as cpp-httplib wants it.
class ParserStream : public httplib::Stream {
 public:
  explicit ParserStream(Exchange& exchange) : exchange_(exchange) {}
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override;
  /// After a breakdown cpp-httplib's answer would say less than ours.
  ssize_t write(const char* from, std::size_t size) override {
    if (exchange_.breakdown) return static_cast<ssize_t>(size);
    return exchange_.connection.write(from, size) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  /// None: cpp-httplib answers 500 to descriptors that select(2) could not hold.
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  Exchange& exchange_;
};

ssize_t ParserStream::read(char* to, std::size_t size) {
  if (exchange_.breakdown) return -1;
  const auto count = exchange_.connection.read(to, size);
  if (count <= 0) {
    if (exchange_.connection.late())
      exchange_.breakdown = text(408, "the request came too slowly\n");
  } else if (!exchange_.headRead && !exchange_.head.take({to, static_cast<std::size_t>(count)})) {
    exchange_.breakdown = text(431, "the request's line and headers are too large\n");
    return -1;
  }
  return count;
}

/// cpp-httplib puts these among the headers of a request.
bool isMadeUp(const std::string& name) {
  return name == "REMOTE_ADDR" || name == "REMOTE_PORT" || name == "LOCAL_ADDR" ||
         name == "LOCAL_PORT";
}

Request translated(const httplib::Request& from, const Connection& connection) {
  Request request;
  request.method = from.method;
  for (const auto& [name, value] : from.headers) {
    if (!isMadeUp(name)) request.headers.emplace_back(name, value);
  }
  request.peer = connection.peer().address;
  request.local = connection.local();
  request.hungUp = [&connection] { return connection.hungUp(); };
  return request;
}

/// Takes from cpp-httplib what it would do beyond reading: match the path with a regular expression
/// (which recurses by its length), answer in parts, compress and decompress, parse forms, and wait
/// for the end of the connection where no header announces a body.
void tame(httplib::Request& request) {
  request.path = "/";
  request.ranges.clear();
  for (const char* name : {"Accept-Encoding", "Content-Encoding", "Content-Type"}) {
    request.headers.erase(name);
  }
  if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
    request.headers.emplace("Content-Length", "0");
  }
}

Response tooLarge(std::size_t limit) {
  return text(413, "request body too large, at most " + std::to_string(limit) + " bytes\n");
}

void put(httplib::Response& to, Response from) {
  to.status = from.status;
  for (auto& [name, value] : from.headers) to.headers.emplace(name, std::move(value));
  if (!from.contentType.empty()) to.set_header("Content-Type", from.contentType);
  to.body = std::move(from.body);
}

/// Takes back what cpp-httplib has added to the headers of an answer, and says how it ends.
void finishHeaders(const httplib::Request& from, httplib::Response& to) {
  auto& exchange = *current_exchange;
  to.headers.erase("Accept-Ranges");
  to.headers.erase("Keep-Alive");
  if (exchange.untyped) to.headers.erase("Content-Type");
  if (exchange.stream) {
    to.headers.erase("Content-Length");
    if (exchange.chunks) to.headers.emplace("Transfer-Encoding", "chunked");
    exchange.keepAlive = exchange.keepAlive && exchange.chunks;
  }
  if (!exchange.keepAlive) {
    to.headers.erase("Connection");
    to.headers.emplace("Connection", "close");
  } else if (from.get_header_value("Connection") == "Keep-Alive") {
    to.headers.emplace("Connection", "keep-alive");
  }
}

/// One chunk of a body (RFC 9112 section 7.1).
std::string chunkOf(const std::string& piece) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
  return std::string(size.data(), end) + "\r\n" + piece + "\r\n";
}

/// Sends what a source gives, after the headers. false: not to its end.
bool sendStream(Connection& connection, const BodySource& source, bool chunks) {
  std::string piece;
  bool more = connection.flush();
  while (more && !connection.hungUp()) {
    piece.clear();
    more = source(piece);
    if (piece.empty()) continue;
    if (chunks) piece = chunkOf(piece);
    if (!connection.write(piece.data(), piece.size()) || !connection.flush()) return false;
  }
  constexpr std::string_view kEnd = "0\r\n\r\n";
  return !more && chunks && connection.write(kEnd.data(), kEnd.size());
}

}  // namespace

class Protocol::Parser : public httplib::Server {
 public:
  Parser(const ServerOptions& options, http::Handler handler);
  /// false: nothing was served, or it could not be answered.
  [[nodiscard]] bool process(ParserStream& stream, bool& closes);

  const ServerOptions options;
  BodyBudget budget;

 private:
  void begin(httplib::Request& from) const;
  void answer(httplib::Response& to, const httplib::ContentReader* body);
  [[nodiscard]] Response answerOf(Exchange& exchange, const httplib::ContentReader* body);
  [[nodiscard]] Response ask(const Request& request);
  [[nodiscard]] std::size_t largestBody(std::string_view path) const;
  [[nodiscard]] std::optional<Response> readBody(Exchange& exchange,
                                                 const httplib::ContentReader& body) const;
  [[nodiscard]] std::optional<Response> take(Exchange& exchange, const char* data,
                                             std::size_t size) const;

  http::Handler handler_;
  Gzip gzip_;
};

Protocol::Parser::Parser(const ServerOptions& serverOptions, http::Handler handler)
    : options(serverOptions), budget(serverOptions.maxBodies), handler_(std::move(handler)) {
  // Without a body: before cpp-httplib matches regular expressions, which takes time and stack.
  set_pre_routing_handler([this](const httplib::Request&, httplib::Response& to) {
    if (current_exchange->framing.hasBody()) return HandlerResponse::Unhandled;
    answer(to, nullptr);
    return HandlerResponse::Handled;
  });
  const auto plain = [this](const httplib::Request&, httplib::Response& to) {
    answer(to, nullptr);
  };
  const auto withBody = [this](const httplib::Request&, httplib::Response& to,
                               const httplib::ContentReader& body) { answer(to, &body); };
  Get("/", plain).Options("/", plain);
  Post("/", withBody).Put("/", withBody).Patch("/", withBody).Delete("/", withBody);
  // 417 instead of 100 would be right, too, but clients show a 413's text.
  set_expect_100_continue_handler([](const httplib::Request&, httplib::Response& to) {
    const auto& refusal = current_exchange->refusal;
    if (!refusal) return 100;
    put(to, *refusal);
    to.set_header("Content-Length", std::to_string(to.body.size()));
    return refusal->status;
  });
  set_post_routing_handler(
      [](const httplib::Request& from, httplib::Response& to) { finishHeaders(from, to); });
}

bool Protocol::Parser::process(ParserStream& stream, bool& closes) {
  const auto setUp = [this](httplib::Request& request) { begin(request); };
  // The call of cpp-httplib 0.11 (Debian 12) and of 0.18 (Debian 13).
  const auto call = [&](auto& self) {
    if constexpr (requires { self.process_request(stream, false, closes, setUp); }) {
      return self.process_request(stream, false, closes, setUp);
    } else {
      return self.process_request(stream, {}, 0, {}, 0, false, closes, setUp);
    }
  };
  return call(*this);
}

/// Headers have been read: makes our request of them and decides what needs no handler.
void Protocol::Parser::begin(httplib::Request& from) const {
  auto& exchange = *current_exchange;
  exchange.headRead = true;
  exchange.request = translated(from, exchange.connection);
  exchange.chunks = from.version == "HTTP/1.1";
  const auto framing = framingOf(exchange.request);
  auto target = parseTarget(from.target);
  tame(from);
  if (!framing) {
    const int status = framing.error().code == ErrorCode::Unsupported ? 501 : 400;
    exchange.refusal = text(status, framing.error().message + "\n");
  } else if (!target) {
    exchange.refusal = text(400, "the path has a broken percent escape\n");
  } else if (exchange.maxBody = largestBody(target->path); framing->length > exchange.maxBody) {
    exchange.refusal = tooLarge(exchange.maxBody);
  } else {
    exchange.framing = *framing;
    exchange.redirect = redirectToClean(from.method, from.target, target->path);
    exchange.request.path = std::move(target->path);
    exchange.request.query = std::move(target->query);
  }
}

std::size_t Protocol::Parser::largestBody(std::string_view path) const {
  const auto own = options.maxBodyOf.find(path);
  return own == options.maxBodyOf.end() ? options.maxBody : own->second;
}

void Protocol::Parser::answer(httplib::Response& to, const httplib::ContentReader* body) {
  auto& exchange = *current_exchange;
  auto response = answerOf(exchange, body);
  exchange.untyped = response.contentType.empty();
  if (exchange.request.method != "HEAD") exchange.stream = std::move(response.stream);
  put(to, std::move(response));
}

Response Protocol::Parser::answerOf(Exchange& exchange, const httplib::ContentReader* body) {
  if (exchange.refusal) return std::move(*exchange.refusal);
  // cpp-httplib does not read a body of the other methods: what follows is not the next request.
  exchange.keepAlive = !exchange.framing.hasBody();
  if (exchange.framing.hasBody() && body != nullptr) {
    if (auto refusal = readBody(exchange, *body)) return std::move(*refusal);
    exchange.keepAlive = true;
  }
  if (exchange.redirect) return std::move(*exchange.redirect);
  exchange.connection.rest();
  auto response = ask(exchange.request);
  gzip_.encode(exchange.request, response);
  return response;
}

Response Protocol::Parser::ask(const Request& request) {
  try {
    return handler_(request);
  } catch (const std::exception& error) {
    return text(500, std::string("internal error: ") + error.what() + "\n");
  } catch (...) {
    return text(500, "internal error\n");
  }
}

std::optional<Response> Protocol::Parser::readBody(Exchange& exchange,
                                                   const httplib::ContentReader& body) const {
  std::optional<Response> refusal;
  const bool complete = body([&](const char* data, std::size_t size) {
    refusal = take(exchange, data, size);
    return !refusal;
  });
  if (!complete && !refusal) refusal = text(400, "the body is incomplete or malformed\n");
  return refusal;
}

/// One piece of a body.
std::optional<Response> Protocol::Parser::take(Exchange& exchange, const char* data,
                                               std::size_t size) const {
  auto& into = exchange.request.body;
  if (size > exchange.maxBody - into.size()) return tooLarge(exchange.maxBody);
  if (!exchange.share.cover(into.size() + size)) {
    auto refusal = text(503, "too many large requests at once, try again later\n");
    refusal.headers.emplace_back("Retry-After", "1");
    return refusal;
  }
  into.append(data, size);
  const auto longest = options.headTimeout + milliseconds(into.size() * 1000 / kLeastRate);
  exchange.connection.setReadDeadline(exchange.begun + std::min(longest, options.requestTimeout));
  return std::nullopt;
}

Protocol::Protocol(const ServerOptions& options, Handler handler)
    : parser_(std::make_unique<Parser>(options, std::move(handler))) {}

Protocol::~Protocol() = default;

bool Protocol::serveOne(Connection& connection) const {
  Exchange exchange(connection, parser_->budget);
  const auto& options = parser_->options;
  connection.setReadDeadline(exchange.begun +
                             std::min(options.headTimeout, options.requestTimeout));
  ParserStream stream(exchange);
  bool closes = false;
  current_exchange = &exchange;
  const bool served = parser_->process(stream, closes);
  current_exchange = nullptr;
  if (exchange.breakdown) {
    const auto bytes = finalAnswer(*exchange.breakdown);
    static_cast<void>(connection.write(bytes.data(), bytes.size()));
    return false;
  }
  if (served && exchange.stream && !sendStream(connection, exchange.stream, exchange.chunks)) {
    return false;
  }
  return connection.flush() && served && exchange.keepAlive && !closes;
}

}  // namespace cluster_lab::http
