#include <algorithm>
#include <functional>
#include <utility>

#include "etcd/gateway.hpp"
#include "registry/base64.hpp"
#include "registry/fields.hpp"
#include "registry/go_values.hpp"

namespace cluster_lab::etcd {
namespace {

using registry::Fields;

/// The gateway's 64-bit numbers are texts; zero is left out.
std::uint64_t number(Fields& fields, std::string_view name) {
  if (!fields.has(name)) return 0;
  const auto value = registry::parseGoUnsigned(fields.text(name));
  if (!value) fields.refuse(name, "expected the text of a number, not negative");
  return value.value_or(0);
}

std::string bytes(Fields& fields, std::string_view name) {
  return fields.valueOr(name, registry::fromBase64(fields.textOrEmpty(name)));
}

/// As Fields::each(), where an empty array is left out.
void eachOf(Fields& fields, std::string_view name, const std::function<void(Fields&)>& read) {
  if (fields.has(name)) fields.each(name, read);
}

std::uint64_t revisionOf(Fields& fields) {
  std::uint64_t revision = 0;
  fields.within("header", [&](Fields& header) { revision = number(header, "revision"); });
  return revision;
}

KeyValue keyValue(Fields& fields) {
  return {.key = bytes(fields, "key"),
          .value = bytes(fields, "value"),
          .modified = number(fields, "mod_revision"),
          .lease = number(fields, "lease")};
}

Lease lease(Fields& fields) {
  // A lifetime beyond any use is cut: it is counted in milliseconds elsewhere.
  constexpr std::uint64_t kLongest = 366ULL * 24 * 3600;
  const auto lifetime = std::min(number(fields, "TTL"), kLongest);
  return {number(fields, "ID"), std::chrono::seconds(lifetime)};
}

Member member(Fields& fields) {
  return {.id = number(fields, "ID"),
          .name = fields.textOrEmpty("name"),
          .peerUrls = fields.textsInOrder("peerURLs"),
          .clientUrls = fields.textsInOrder("clientURLs"),
          .learner = fields.flag("isLearner")};
}

ErrorCode codeOf(int status, std::uint64_t grpcCode) {
  constexpr std::uint64_t kInvalidArgument = 3;  // google.golang.org/grpc/codes
  constexpr std::uint64_t kDeadlineExceeded = 4;
  constexpr std::uint64_t kNotFound = 5;
  constexpr std::uint64_t kResourceExhausted = 8;
  constexpr std::uint64_t kFailedPrecondition = 9;
  switch (grpcCode) {
    case kInvalidArgument:
      return ErrorCode::InvalidArgument;
    case kDeadlineExceeded:
      return ErrorCode::TimedOut;
    case kNotFound:
      return ErrorCode::NotFound;
    case kResourceExhausted:
      return ErrorCode::Exhausted;
    case kFailedPrecondition:
      return ErrorCode::Conflict;
    default:
      return status == 400 ? ErrorCode::InvalidArgument : ErrorCode::Unavailable;
  }
}

}  // namespace

Result<RangeAnswer> readRange(std::string_view body) {
  Fields fields(body);
  RangeAnswer answer{revisionOf(fields), {}, fields.flag("more")};
  eachOf(fields, "kvs", [&](Fields& pair) { answer.found.push_back(keyValue(pair)); });
  return fields.finish("etcd's range", std::move(answer));
}

Result<TransactionAnswer> readTransaction(std::string_view body) {
  Fields fields(body);
  TransactionAnswer answer{fields.flag("succeeded"), revisionOf(fields), {}};
  const auto readPart = [&](Fields& range) {
    eachOf(range, "kvs", [&](Fields& pair) { answer.found.push_back(keyValue(pair)); });
  };
  eachOf(fields, "responses", [&](Fields& part) {
    if (part.has("response_range")) part.within("response_range", readPart);
  });
  return fields.finish("etcd's transaction", std::move(answer));
}

Result<Lease> readGrant(std::string_view body) {
  Fields fields(body);
  const auto granted = lease(fields);
  return fields.finish("etcd's lease", granted);
}

Result<Lease> readKeepAlive(std::string_view body) {
  Fields fields(body);
  Lease kept;
  fields.within("result", [&](Fields& result) { kept = lease(result); });
  return fields.finish("etcd's lease", kept);
}

Result<std::vector<Member>> readMembers(std::string_view body) {
  Fields fields(body);
  std::vector<Member> members;
  eachOf(fields, "members", [&](Fields& one) { members.push_back(member(one)); });
  return fields.finish("etcd's members", std::move(members));
}

Result<ServerStatus> readStatus(std::string_view body) {
  Fields fields(body);
  ServerStatus status{.version = fields.textOrEmpty("version"),
                      .leader = number(fields, "leader"),
                      .databaseSize = number(fields, "dbSize")};
  fields.within("header", [&](Fields& header) { status.member = number(header, "member_id"); });
  return fields.finish("etcd's status", std::move(status));
}

Error readFailure(int status, std::string_view body) {
  Fields fields(body);
  auto message = fields.textOrEmpty("error");
  const auto code = fields.numberOrZero("code");
  if (message.empty()) message = "answered " + std::to_string(status);
  return {codeOf(status, code), "etcd: " + message, {}};
}

}  // namespace cluster_lab::etcd
