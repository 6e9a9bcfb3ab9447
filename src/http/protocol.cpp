#include "http/protocol.hpp"

#include <httplib.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "http/connection.hpp"
#include "http/framing.hpp"
#include "http/target.hpp"

namespace cluster_lab::http {
namespace {

/// What is known of the request that a connection's thread is serving. The parser's callbacks are
/// not told on which connection they are called: hence the thread_local.
struct Exchange {
  Connection& connection;
  Request request;
  Framing framing;
  std::optional<Response> refusal;  ///< decided before the handler was asked
  bool keepAlive = false;           ///< the request was understood to its last byte
};
thread_local Exchange* current_exchange = nullptr;

/// The connection as cpp-httplib wants it.
class ParserStream : public httplib::Stream {
 public:
  explicit ParserStream(Connection& connection) : connection_(connection) {}
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override { return connection_.read(to, size); }
  ssize_t write(const char* from, std::size_t size) override {
    return connection_.write(from, size) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
  /// None: cpp-httplib answers 500 to descriptors that select(2) could not hold.
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  Connection& connection_;
};

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
  request.peer = connection.peer();
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
  to.set_header("Content-Type", from.contentType);
  to.body = std::move(from.body);
}

}  // namespace

class Protocol::Parser : public httplib::Server {
 public:
  Parser(const ServerOptions& options, http::Handler handler);
  /// false: nothing was served, or it could not be answered.
  [[nodiscard]] bool process(ParserStream& stream, bool& closes);

  const ServerOptions options;

 private:
  void begin(httplib::Request& from) const;
  void answer(httplib::Response& to, const httplib::ContentReader* body) const;
  [[nodiscard]] Response answerOf(Exchange& exchange, const httplib::ContentReader* body) const;
  [[nodiscard]] std::optional<Response> readBody(Exchange& exchange,
                                                 const httplib::ContentReader& body) const;

  http::Handler handler_;
};

Protocol::Parser::Parser(const ServerOptions& serverOptions, http::Handler handler)
    : options(serverOptions), handler_(std::move(handler)) {
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
  set_post_routing_handler([](const httplib::Request& request, httplib::Response& to) {
    to.headers.erase("Accept-Ranges");
    to.headers.erase("Keep-Alive");
    if (!current_exchange->keepAlive) {
      to.headers.erase("Connection");
      to.headers.emplace("Connection", "close");
    } else if (request.get_header_value("Connection") == "Keep-Alive") {
      to.headers.emplace("Connection", "keep-alive");
    }
  });
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
  exchange.request = translated(from, exchange.connection);
  const auto framing = framingOf(exchange.request);
  auto target = parseTarget(from.target);
  tame(from);
  if (!framing) {
    const int status = framing.error().code == ErrorCode::Unsupported ? 501 : 400;
    exchange.refusal = text(status, framing.error().message + "\n");
  } else if (!target) {
    exchange.refusal = text(400, "the path has a broken percent escape\n");
  } else if (framing->length > options.maxBody) {
    exchange.refusal = tooLarge(options.maxBody);
  } else {
    exchange.framing = *framing;
    exchange.request.path = std::move(target->path);
    exchange.request.query = std::move(target->query);
  }
}

void Protocol::Parser::answer(httplib::Response& to, const httplib::ContentReader* body) const {
  put(to, answerOf(*current_exchange, body));
}

Response Protocol::Parser::answerOf(Exchange& exchange, const httplib::ContentReader* body) const {
  if (exchange.refusal) return std::move(*exchange.refusal);
  // cpp-httplib does not read a body of the other methods: what follows is not the next request.
  exchange.keepAlive = !exchange.framing.hasBody();
  if (exchange.framing.hasBody() && body != nullptr) {
    if (auto refusal = readBody(exchange, *body)) return std::move(*refusal);
    exchange.keepAlive = true;
  }
  try {
    return handler_(exchange.request);
  } catch (const std::exception& error) {
    return text(500, std::string("internal error: ") + error.what() + "\n");
  } catch (...) {
    return text(500, "internal error\n");
  }
}

std::optional<Response> Protocol::Parser::readBody(Exchange& exchange,
                                                   const httplib::ContentReader& body) const {
  auto& into = exchange.request.body;
  bool fits = true;
  const bool complete = body([&](const char* data, std::size_t size) {
    fits = size <= options.maxBody - into.size();
    if (fits) into.append(data, size);
    return fits;
  });
  if (!fits) return tooLarge(options.maxBody);
  if (!complete) return text(400, "the body is incomplete or malformed\n");
  return std::nullopt;
}

Protocol::Protocol(const ServerOptions& options, Handler handler)
    : parser_(std::make_unique<Parser>(options, std::move(handler))) {}

Protocol::~Protocol() = default;

bool Protocol::serveOne(Connection& connection) const {
  Exchange exchange{connection, {}, {}, {}, false};
  current_exchange = &exchange;
  ParserStream stream(connection);
  connection.setReadDeadline(std::chrono::steady_clock::now() + parser_->options.requestTimeout);
  bool closes = false;
  const bool served = parser_->process(stream, closes);
  current_exchange = nullptr;
  return connection.flush() && served && exchange.keepAlive && !closes;
}

}  // namespace cluster_lab::http
