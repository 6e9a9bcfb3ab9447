#include "http/client.hpp"

#include <sys/socket.h>

#include <chrono>
#include <mutex>
#include <utility>

#include "http/body_decoder.hpp"
#include "http/connect_socket.hpp"
#include "http/connection.hpp"
#include "http/head.hpp"
#include "http/render.hpp"

namespace cluster_lab::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxHead = 65536;

/// Lets another thread end what waits on a socket.
class Interrupter {
 public:
  /// -1: none. false: it was interrupted already.
  bool watch(int socket) {
    const std::scoped_lock lock(mutex_);
    socket_ = socket;
    return !interrupted_;
  }
  void interrupt() {
    const std::scoped_lock lock(mutex_);
    interrupted_ = true;
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }
  [[nodiscard]] bool interrupted() const {
    const std::scoped_lock lock(mutex_);
    return interrupted_;
  }

 private:
  mutable std::mutex mutex_;
  int socket_ = -1;
  bool interrupted_ = false;
};

/// May it be sent again when it is not known whether it was carried out? RFC 9110 section 9.2.2.
bool isIdempotent(const std::string& method) {
  return method != "POST" && method != "PATCH";
}

bool hasBody(const ResponseHead& head, const std::string& method) {
  return method != "HEAD" && head.status != 204 && head.status != 304;
}

}  // namespace

struct Client::Impl {
  explicit Impl(const ClientOptions& clientOptions) : options(clientOptions) {}
  ~Impl() { drop(); }

  [[nodiscard]] Result<Response> call(const Request& request, const std::string& bytes);
  [[nodiscard]] Result<void> ensureConnected();
  void drop();
  [[nodiscard]] Result<Response> readResponse(const std::string& method);
  [[nodiscard]] Result<ResponseHead> readHead();
  [[nodiscard]] Result<void> readBody(const Framing& framing, std::string& body);
  [[nodiscard]] std::unexpected<Error> lost(Input input) const;
  [[nodiscard]] TimePoint deadline() const { return Clock::now() + options.answerTimeout; }

  const ClientOptions options;
  Interrupter interrupter;
  std::unique_ptr<Connection> connection;
  bool answered = false;  ///< the server has begun to answer the call under way
};

Result<Response> Client::Impl::call(const Request& request, const std::string& bytes) {
  // A kept-alive connection may be closed by the server just now: that is worth a second try.
  const bool fresh = connection == nullptr || connection->hungUp();
  if (fresh) drop();
  answered = false;
  if (const auto connected = ensureConnected(); !connected) return fail(connected.error());
  const bool written = connection->write(bytes) && connection->write(request.body);
  auto response = written ? readResponse(request.method) : lost(Input::Broken);
  if (response) return response;
  drop();
  const bool again = !fresh && !answered && response.error().code == ErrorCode::Unavailable &&
                     isIdempotent(request.method) && !interrupter.interrupted();
  return again ? call(request, bytes) : response;
}

Result<void> Client::Impl::ensureConnected() {
  if (connection != nullptr) return {};
  const auto socket = connectTo(options, [this](int made) { return interrupter.watch(made); });
  if (!socket) return fail(socket.error());
  connection = std::make_unique<Connection>(*socket);
  return {};
}

void Client::Impl::drop() {
  static_cast<void>(interrupter.watch(-1));
  connection.reset();
}

Result<Response> Client::Impl::readResponse(const std::string& method) {
  auto head = readHead();
  if (!head) return fail(head.error());
  Response response;
  response.status = head->status;
  response.contentType = findHeader(head->headers, "content-type").value_or("");
  if (hasBody(*head, method)) {
    const auto framing = framingOf(head->headers);
    if (!framing) return fail(framing.error());
    if (const auto read = readBody(*framing, response.body); !read) return fail(read.error());
    if (!framing->chunked && !framing->length) head->keepAlive = false;
  }
  response.headers = std::move(head->headers);
  if (!head->keepAlive) drop();
  return response;
}

/// Of the final answer; interim ones (RFC 9110 section 15.2) are skipped.
Result<ResponseHead> Client::Impl::readHead() {
  while (true) {
    std::string bytes;
    const auto input = connection->readHead(bytes, kMaxHead, deadline());
    answered = answered || !bytes.empty();
    if (input != Input::Data) return lost(input);
    auto head = parseResponseHead(bytes);
    if (!head || head->status >= 200) return head;
  }
}

Result<void> Client::Impl::readBody(const Framing& framing, std::string& body) {
  BodyDecoder decoder(framing);
  while (!decoder.complete()) {
    const auto input = connection->await(deadline());
    if (input == Input::End && decoder.completeAtEnd()) break;
    if (input != Input::Data) return lost(input);
    const auto taken = decoder.take(connection->input(), body);
    if (!taken) return fail(taken.error());
    connection->consume(*taken);
    if (body.size() > options.maxAnswer) {
      return fail(ErrorCode::Exhausted, "an answer larger than " +
                                            std::to_string(options.maxAnswer) + " bytes from " +
                                            placeOf(options));
    }
  }
  return {};
}

std::unexpected<Error> Client::Impl::lost(Input input) const {
  const auto place = placeOf(options);
  if (interrupter.interrupted()) {
    return fail(ErrorCode::Unavailable, "the call to " + place + " was stopped");
  }
  if (input == Input::TimedOut) return fail(ErrorCode::TimedOut, "no answer from " + place);
  return fail(ErrorCode::Unavailable, "the connection to " + place + " broke");
}

Client::Client(const ClientOptions& options) : impl_(std::make_unique<Impl>(options)) {}

Client::~Client() = default;

Result<Response> Client::request(const std::string& method, const std::string& target,
                                 const std::string& body, const Headers& headers) {
  if (!isToken(method) || target.find(' ') != std::string::npos || !hasNoControls(target)) {
    return fail(ErrorCode::InvalidArgument, "not a request: " + method + " " + target);
  }
  Request request;
  request.method = method;
  request.body = body;
  request.headers = headers;
  // Go's servers refuse a socket's path as a host.
  const auto host = impl_->options.socketPath.empty() ? placeOf(impl_->options) : "localhost";
  return impl_->call(request, renderHead(request, target, host));
}

void Client::stop() {
  impl_->interrupter.interrupt();
}

}  // namespace cluster_lab::http
