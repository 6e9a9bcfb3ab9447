#include "http/fetch.hpp"

#include <httplib.h>

#include <algorithm>
#include <exception>

#include "http/interrupter.hpp"
#include "http/target.hpp"

namespace cluster_lab::http {
namespace {

using Clock = std::chrono::steady_clock;

bool isHeaderText(const std::string& text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

std::unique_ptr<httplib::ClientImpl> clientFor(const FetchRequest& request) {
  if (!request.tls) return std::make_unique<httplib::ClientImpl>(request.host, request.port);
  auto client = std::make_unique<httplib::SSLClient>(request.host, request.port);
  client->enable_server_certificate_verification(request.verifyCertificate);
  return client;
}

}  // namespace

struct Fetch::Impl {
  explicit Impl(FetchRequest wanted);
  [[nodiscard]] httplib::Request made(std::string& body) const;
  [[nodiscard]] std::unexpected<Error> failure(httplib::Error error, Clock::duration took) const;

  const FetchRequest request;
  Interrupter interrupter;
  std::unique_ptr<httplib::ClientImpl> client;
};

Fetch::Impl::Impl(FetchRequest wanted) : request(std::move(wanted)), client(clientFor(request)) {
  client->set_connection_timeout(request.timeout);
  client->set_read_timeout(request.timeout);
  client->set_write_timeout(request.timeout);
  client->set_keep_alive(false);
  client->set_url_encode(false);
  client->set_socket_options([this](socket_t socket) { interrupter.watch(socket); });
}

/// Its body goes to `body`, of which the end is kept.
httplib::Request Fetch::Impl::made(std::string& body) const {
  httplib::Request made;
  made.method = request.method;
  made.path = request.target;
  made.body = request.body;
  for (const auto& [name, value] : request.headers) made.headers.emplace(name, value);
  if (!made.has_header("Accept-Encoding")) made.headers.emplace("Accept-Encoding", "identity");
  made.content_receiver = [this, &body](const char* data, std::size_t size, std::uint64_t,
                                        std::uint64_t) {
    body.append(data, size);
    body.erase(0, body.size() - std::min(body.size(), request.bodySize));
    return !interrupter.stopped();
  };
  return made;
}

/// httplib does not tell silence from a broken connection.
std::unexpected<Error> Fetch::Impl::failure(httplib::Error error, Clock::duration took) const {
  const auto place = request.host + ":" + std::to_string(request.port);
  if (interrupter.stopped() || took >= request.timeout ||
      error == httplib::Error::ConnectionTimeout) {
    return fail(ErrorCode::TimedOut, "no answer from " + place + " in time");
  }
  switch (error) {
    case httplib::Error::Connection:
      return fail(ErrorCode::Unavailable, "no connection to " + place);
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLLoadingCerts:
      return fail(ErrorCode::PermissionDenied, "x509: certificate of " + place + " is not trusted");
    case httplib::Error::SSLConnection:
      return fail(ErrorCode::InvalidArgument, "tls: handshake with " + place + " failed");
    default:
      return fail(ErrorCode::Unavailable, "EOF");
  }
}

Fetch::Fetch(FetchRequest request) : impl_(std::make_unique<Impl>(std::move(request))) {}

Fetch::~Fetch() = default;

Result<Fetched> Fetch::run() {
  const auto& request = impl_->request;
  const bool good = isOneWord(request.method) && isOneWord(request.target) &&
                    std::ranges::all_of(request.headers, [](const auto& header) {
                      return isOneWord(header.first) && isHeaderText(header.second);
                    });
  if (!good) return fail(ErrorCode::InvalidArgument, "net/http: invalid header or method");
  const Interrupter::Call call(impl_->interrupter);
  if (!call.mayBegin()) return impl_->failure(httplib::Error::Canceled, {});
  const auto begin = Clock::now();
  try {
    std::string body;
    auto sent = impl_->made(body);
    httplib::Response response;
    auto error = httplib::Error::Success;
    if (!impl_->client->send(sent, response, error))
      return impl_->failure(error, Clock::now() - begin);
    return Fetched{response.status, response.reason, response.get_header_value("Location"),
                   std::move(body)};
  } catch (const std::exception& error) {
    return fail(ErrorCode::Unavailable, std::string("HTTP call failed: ") + error.what());
  }
}

void Fetch::stop() {
  impl_->interrupter.stop();
}

}  // namespace cluster_lab::http
