#include "http/client.hpp"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <memory>

#include "http/interrupter.hpp"

namespace cluster_lab::http {
namespace {

using Clock = std::chrono::steady_clock;

std::string placeOf(const ClientOptions& options) {
  return options.socketPath.empty() ? options.host + ":" + std::to_string(options.port)
                                    : options.socketPath;
}

/// httplib does not tell why it could not connect.
bool isForbidden(const std::string& socketPath) {
  return !socketPath.empty() && ::access(socketPath.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
}

Response translated(httplib::Response&& from) {
  Response response;
  response.status = from.status;
  response.contentType = from.get_header_value("Content-Type");
  for (auto& [name, value] : from.headers) response.headers.emplace_back(name, value);
  response.body = std::move(from.body);
  return response;
}

}  // namespace

struct Client::Impl {
  explicit Impl(const ClientOptions& clientOptions);
  [[nodiscard]] httplib::Request made(
      const std::string& method, const std::string& target, const std::string& body,
      const std::vector<std::pair<std::string, std::string>>& headers) const;
  [[nodiscard]] httplib::Error send(httplib::Request& request, httplib::Response& response);
  [[nodiscard]] std::unexpected<Error> failure(httplib::Error error, Clock::duration took) const;

  const ClientOptions options;
  Interrupter interrupter;
  bool sentNothing = true;
  httplib::ClientImpl client;
};

Client::Impl::Impl(const ClientOptions& clientOptions)
    : options(clientOptions),
      client(clientOptions.socketPath.empty() ? clientOptions.host : clientOptions.socketPath,
             clientOptions.port) {
  if (!options.socketPath.empty()) client.set_address_family(AF_UNIX);
  client.set_connection_timeout(options.connectTimeout);
  client.set_read_timeout(options.answerTimeout);
  client.set_write_timeout(options.answerTimeout);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_url_encode(false);
  client.set_socket_options([this](socket_t socket) { interrupter.watch(socket); });
}

httplib::Request Client::Impl::made(
    const std::string& method, const std::string& target, const std::string& body,
    const std::vector<std::pair<std::string, std::string>>& headers) const {
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  for (const auto& [name, value] : headers) request.headers.emplace(name, value);
  // Not compressed: a brotli or zlib state costs more memory than our small answers save.
  request.headers.emplace("Accept-Encoding", "identity");
  // httplib would send the socket's path, which Go's servers refuse as a host.
  if (!options.socketPath.empty()) request.headers.emplace("Host", "localhost");
  return request;
}

httplib::Error Client::Impl::send(httplib::Request& request, httplib::Response& response) {
  response = {};
  auto error = httplib::Error::Success;
  if (client.send(request, response, error)) return httplib::Error::Success;
  // httplib cannot read trailers (RFC 9110 section 6.5): the body before them is whole.
  const bool atTrailers = error == httplib::Error::Read && response.has_header("Trailer");
  return atTrailers ? httplib::Error::Success : error;
}

std::unexpected<Error> Client::Impl::failure(httplib::Error error, Clock::duration took) const {
  const auto place = placeOf(options);
  if (interrupter.stopped())
    return fail(ErrorCode::Unavailable, "the call to " + place + " was stopped");
  if (error == httplib::Error::ConnectionTimeout) {
    return fail(ErrorCode::TimedOut, "no connection to " + place + " in time");
  }
  if (error != httplib::Error::Connection) {
    return took < options.answerTimeout
               ? fail(ErrorCode::Unavailable, "the connection to " + place + " broke")
               : fail(ErrorCode::TimedOut, "no answer from " + place + " in time");
  }
  if (isForbidden(options.socketPath)) {
    return fail(ErrorCode::PermissionDenied, "connect to " + place + ": permission denied");
  }
  return fail(ErrorCode::Unavailable, "nobody listens at " + place);
}

Client::Client(const ClientOptions& options) : impl_(std::make_unique<Impl>(options)) {}

Client::~Client() = default;

Result<Response> Client::request(const std::string& method, const std::string& target,
                                 const std::string& body,
                                 const std::vector<std::pair<std::string, std::string>>& headers) {
  if (!isOneWord(method) || !isOneWord(target)) {
    return fail(ErrorCode::InvalidArgument, "not a request: " + method + " " + target);
  }
  const auto begin = Clock::now();
  impl_->sentNothing = true;
  const Interrupter::Call call(impl_->interrupter);
  if (!call.mayBegin()) return impl_->failure(httplib::Error::Canceled, {});
  try {
    auto request = impl_->made(method, target, body, headers);
    httplib::Response response;
    auto error = impl_->send(request, response);
    if (error == httplib::Error::Write && !impl_->interrupter.stopped()) {
      request = impl_->made(method, target, body, headers);
      error = impl_->send(request, response);
    }
    impl_->sentNothing =
        error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout;
    if (error != httplib::Error::Success) return impl_->failure(error, Clock::now() - begin);
    return translated(std::move(response));
  } catch (const std::exception& error) {
    return fail(ErrorCode::Unavailable, std::string("HTTP call failed: ") + error.what());
  }
}

bool Client::sentNothing() const {
  return impl_->sentNothing;
}

void Client::stop() {
  impl_->interrupter.stop();
}

}  // namespace cluster_lab::http
