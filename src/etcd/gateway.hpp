#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

/// What is said to etcd's HTTP/JSON gateway and what it answers: POST with a JSON object, keys and
/// values in base64, 64-bit numbers as texts, members that are zero or empty left out. The same in
/// etcd 3.4 and 3.5. Each request has its target (path) and its body.
namespace cluster_lab::etcd {

struct Request {
  std::string target;
  std::string body;

  bool operator==(const Request&) const = default;
};

/// A key as etcd has it. Revisions count etcd's transactions.
struct KeyValue {
  std::string key;
  std::string value;
  std::uint64_t modified = 0;  ///< revision of the transaction that wrote it last
  std::uint64_t lease = 0;     ///< 0: none

  bool operator==(const KeyValue&) const = default;
};

/// All keys from `key` up to `end`, which is not among them.
struct RangeRequest {
  std::string key;
  std::string end;             ///< empty: `key` alone
  std::uint64_t revision = 0;  ///< as of then; 0: now
  unsigned limit = 0;          ///< 0: none
  bool local = false;          ///< what the server has that is asked, without a majority
};
struct RangeAnswer {
  std::uint64_t revision = 0;
  std::vector<KeyValue> found;
  bool more = false;  ///< the limit left some out

  bool operator==(const RangeAnswer&) const = default;
};

/// That key was written last by the transaction of that revision; 0: it is not there.
struct Guard {
  std::string key;
  std::uint64_t modified = 0;
};
struct Put {
  std::string key;
  std::string value;
  std::uint64_t lease = 0;

  bool operator==(const Put&) const = default;
};
struct Erase {
  std::string key;
  std::string end = {};  ///< empty: `key` alone

  bool operator==(const Erase&) const = default;
};
/// All or nothing: where all guards hold the changes, else the keys are read. No key may be changed
/// twice in it.
struct Transaction {
  std::vector<Guard> guards;
  std::vector<Put> puts;
  std::vector<Erase> erases;
  std::vector<std::string> otherwiseRead;
};
struct TransactionAnswer {
  bool done = false;
  std::uint64_t revision = 0;
  std::vector<KeyValue> found;  ///< where it was not done

  bool operator==(const TransactionAnswer&) const = default;
};

struct Lease {
  std::uint64_t id = 0;
  std::chrono::seconds lifetime{0};  ///< 0: it has ended

  bool operator==(const Lease&) const = default;
};

struct Member {
  std::uint64_t id = 0;
  std::string name;  ///< empty: added, and has not started yet
  std::vector<std::string> peerUrls;
  std::vector<std::string> clientUrls;
  bool learner = false;

  bool operator==(const Member&) const = default;
};

/// What a server says of itself; it needs no majority for that.
struct ServerStatus {
  std::string version;
  std::uint64_t member = 0;
  std::uint64_t leader = 0;  ///< 0: it knows none
  std::uint64_t databaseSize = 0;

  bool operator==(const ServerStatus&) const = default;
};

[[nodiscard]] Request render(const RangeRequest& request);
[[nodiscard]] Request render(const Transaction& transaction);
/// Forgets what was overwritten or deleted before that revision.
[[nodiscard]] Request renderCompaction(std::uint64_t revision);
[[nodiscard]] Request renderGrant(std::chrono::seconds lifetime);
[[nodiscard]] Request renderKeepAlive(std::uint64_t lease);
[[nodiscard]] Request renderRevoke(std::uint64_t lease);
[[nodiscard]] Request renderMemberList();
/// Adds a learner.
[[nodiscard]] Request renderMemberAdd(const std::string& peerUrl);
[[nodiscard]] Request renderMemberPromote(std::uint64_t member);
[[nodiscard]] Request renderMemberUpdate(std::uint64_t member, const std::string& peerUrl);
[[nodiscard]] Request renderMemberRemove(std::uint64_t member);
[[nodiscard]] Request renderStatus();
/// For etcd's leader only: `member` is to be it.
[[nodiscard]] Request renderTransfer(std::uint64_t member);

// InvalidArgument names what is missing or wrong.
[[nodiscard]] Result<RangeAnswer> readRange(std::string_view body);
[[nodiscard]] Result<TransactionAnswer> readTransaction(std::string_view body);
[[nodiscard]] Result<Lease> readGrant(std::string_view body);
[[nodiscard]] Result<Lease> readKeepAlive(std::string_view body);
[[nodiscard]] Result<std::vector<Member>> readMembers(std::string_view body);
[[nodiscard]] Result<ServerStatus> readStatus(std::string_view body);

/// What an answer other than 200 says. Unavailable: another server may do it, or this one later.
[[nodiscard]] Error readFailure(int status, std::string_view body);

/// The first key behind all keys that begin so; the prefix is not empty and has no byte 0xFF.
[[nodiscard]] std::string endOfPrefix(std::string prefix);

}  // namespace cluster_lab::etcd
