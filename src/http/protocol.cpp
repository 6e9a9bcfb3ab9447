#include "http/protocol.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "http/body_decoder.hpp"
#include "http/connection.hpp"
#include "http/framing.hpp"
#include "http/head.hpp"
#include "http/render.hpp"
#include "http/target.hpp"

namespace cluster_lab::http {
namespace {

using Clock = std::chrono::steady_clock;

/// Of the request line and the headers.
constexpr std::size_t kMaxHead = 16384;

/// false: it did not leave, or the connection is to be closed behind it.
bool send(Connection& connection, const Response& response, bool keepAlive, bool withBody) {
  if (!connection.write(renderHead(response, keepAlive))) return false;
  if (withBody && !connection.write(response.body)) return false;
  return connection.flush() && keepAlive;
}

/// Answers a request that cannot be served, and of whose end nothing is known.
bool refuse(Connection& connection, const Response& response) {
  return send(connection, response, false, true);
}

Response badRequest(const Error& error, int statusOfUnsupported) {
  const bool unsupported = error.code == ErrorCode::Unsupported;
  return text(unsupported ? statusOfUnsupported : 400, error.message + "\n");
}

Response tooLarge(std::size_t limit) {
  return text(413, "request body too large, at most " + std::to_string(limit) + " bytes\n");
}

Request requestOf(RequestHead head, Target target, const Connection& connection) {
  Request request;
  request.method = std::move(head.method);
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  request.headers = std::move(head.headers);
  request.peer = connection.peer();
  request.local = connection.local();
  request.hungUp = [&connection] { return connection.hungUp(); };
  return request;
}

}  // namespace

Protocol::Protocol(const ServerOptions& options, Handler handler)
    : options_(options), handler_(std::move(handler)) {}

bool Protocol::serveOne(Connection& connection) const {
  const auto deadline = Clock::now() + options_.requestTimeout;
  std::string bytes;
  if (connection.readHead(bytes, kMaxHead, deadline) != Input::Data) return false;
  if (!bytes.ends_with("\r\n\r\n")) {
    return refuse(connection, text(431, "the headers are longer than 16 KiB\n"));
  }
  auto head = parseRequestHead(bytes);
  if (!head) return refuse(connection, badRequest(head.error(), 505));
  return serve(connection, std::move(*head), deadline);
}

bool Protocol::serve(Connection& connection, RequestHead head, TimePoint deadline) const {
  auto target = parseTarget(head.target);
  if (!target) return refuse(connection, text(400, "the path has a broken percent escape\n"));
  std::string body;
  if (const auto refusal = readBody(connection, head, body, deadline)) {
    return refuse(connection, *refusal);
  }
  const bool keepAlive = head.keepAlive;
  auto request = requestOf(std::move(head), std::move(*target), connection);
  request.body = std::move(body);
  return send(connection, answerTo(request), keepAlive, request.method != "HEAD");
}

/// nullopt: the body is complete.
std::optional<Response> Protocol::readBody(Connection& connection, const RequestHead& head,
                                           std::string& body, TimePoint deadline) const {
  const auto framing = framingOf(head.headers);
  if (!framing) return badRequest(framing.error(), 501);
  if (!framing->requestHasBody()) return std::nullopt;
  if (framing->length.value_or(0) > options_.maxBody) return tooLarge(options_.maxBody);
  if (head.expectsContinue && !connection.write("HTTP/1.1 100 Continue\r\n\r\n")) {
    return text(400, "the body is incomplete\n");
  }
  BodyDecoder decoder(*framing);
  while (!decoder.complete()) {
    if (connection.await(deadline) != Input::Data) return text(400, "the body is incomplete\n");
    const auto taken = decoder.take(connection.input(), body);
    if (!taken) return badRequest(taken.error(), 400);
    connection.consume(*taken);
    if (body.size() > options_.maxBody) return tooLarge(options_.maxBody);
  }
  return std::nullopt;
}

Response Protocol::answerTo(const Request& request) const {
  try {
    return handler_(request);
  } catch (const std::exception& error) {
    return text(500, std::string("internal error: ") + error.what() + "\n");
  } catch (...) {
    return text(500, "internal error\n");
  }
}

}  // namespace cluster_lab::http
