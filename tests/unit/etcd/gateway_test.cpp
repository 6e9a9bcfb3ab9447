#include "etcd/gateway.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::etcd {

using namespace std::chrono_literals;

TEST_CASE("etcd gateway: a range is asked for with its bytes in base64 and its numbers as texts") {
  const auto request = render(
      RangeRequest{.key = "a", .end = std::string("\0\xFF", 2), .revision = 7, .limit = 128});
  CHECK(request.target == "/v3/kv/range");
  CHECK(request.body == R"({"key":"YQ==","range_end":"AP8=","revision":"7","limit":"128"})");
  CHECK(render(RangeRequest{.key = "a", .end = {}}).body == R"({"key":"YQ=="})");
  CHECK(render(RangeRequest{.key = "a", .end = {}, .local = true}).body ==
        R"({"key":"YQ==","serializable":true})");
}

TEST_CASE("etcd gateway: a transaction has its guards, its changes, and what is read otherwise") {
  const auto request = render(Transaction{.guards = {{"a", 0}, {"b", 12}},
                                          .puts = {{"c", "x"}, {"d", "", 9}},
                                          .erases = {{"e"}, {"f", "g"}},
                                          .otherwiseRead = {"a"}});
  CHECK(request.target == "/v3/kv/txn");
  CHECK(request.body == R"({"compare":[)"
                        R"({"key":"YQ==","target":"MOD","result":"EQUAL","mod_revision":"0"},)"
                        R"({"key":"Yg==","target":"MOD","result":"EQUAL","mod_revision":"12"}],)"
                        R"("success":[{"request_delete_range":{"key":"ZQ=="}},)"
                        R"({"request_delete_range":{"key":"Zg==","range_end":"Zw=="}},)"
                        R"({"request_put":{"key":"Yw==","value":"eA=="}},)"
                        R"({"request_put":{"key":"ZA==","value":"","lease":"9"}}],)"
                        R"("failure":[{"request_range":{"key":"YQ=="}}]})");
}

TEST_CASE("etcd gateway: leases and members are asked for by their numbers") {
  CHECK(renderGrant(2s) == Request{"/v3/lease/grant", R"({"TTL":"2"})"});
  CHECK(renderKeepAlive(5) == Request{"/v3/lease/keepalive", R"({"ID":"5"})"});
  CHECK(renderRevoke(5) == Request{"/v3/lease/revoke", R"({"ID":"5"})"});
  CHECK(renderCompaction(8) == Request{"/v3/kv/compaction", R"({"revision":"8"})"});
  CHECK(renderMemberAdd("http://a:1") ==
        Request{"/v3/cluster/member/add", R"({"peerURLs":["http://a:1"],"isLearner":true})"});
  CHECK(renderMemberPromote(18446744073709551615ULL) ==
        Request{"/v3/cluster/member/promote", R"({"ID":"18446744073709551615"})"});
  CHECK(renderMemberUpdate(3, "http://a:1") ==
        Request{"/v3/cluster/member/update", R"({"ID":"3","peerURLs":["http://a:1"]})"});
  CHECK(renderTransfer(3) == Request{"/v3/maintenance/transfer-leadership", R"({"targetID":"3"})"});
  CHECK(renderMemberRemove(3) == Request{"/v3/cluster/member/remove", R"({"ID":"3"})"});
}

TEST_CASE("etcd gateway: a range is read as etcd 3.4 answers it") {
  const auto answer = readRange(
      R"({"header":{"cluster_id":"158","member_id":"738","revision":"4","raft_term":"2"},)"
      R"("kvs":[{"key":"YQ==","create_revision":"2","mod_revision":"3","version":"1",)"
      R"("value":"Yg==","lease":"77"},{"key":"AP8=","mod_revision":"4"}],"more":true,"count":"3"})");
  REQUIRE(answer);
  CHECK(*answer == RangeAnswer{4, {{"a", "b", 3, 77}, {std::string("\0\xFF", 2), "", 4, 0}}, true});
  CHECK(readRange(R"({"header":{"revision":"2"}})").value() == RangeAnswer{2, {}, false});
}

TEST_CASE("etcd gateway: what is no answer is refused") {
  for (const auto* body :
       {"", "[]", "{}", R"({"header":{"revision":2}})", R"({"header":{"revision":"-2"}})",
        R"({"header":{},"kvs":{}})", R"({"header":{},"kvs":[{"key":"%"}]})",
        R"({"header":{},"more":"yes"})"}) {
    INFO(body);
    CHECK_FALSE(readRange(body));
  }
  CHECK_FALSE(readKeepAlive(R"({"error":{"message":"no leader"}})"));
}

TEST_CASE("etcd gateway: a transaction was done, or tells what is there instead") {
  const auto done = readTransaction(
      R"({"header":{"revision":"5"},"succeeded":true,"responses":[{"response_put":{}}]})");
  CHECK(done.value() == TransactionAnswer{true, 5, {}});
  const auto refused = readTransaction(
      R"({"header":{"revision":"5"},"responses":[{"response_range":{"header":{"revision":"5"},)"
      R"("kvs":[{"key":"YQ==","mod_revision":"2","value":"Yg=="}],"count":"1"}},)"
      R"({"response_range":{}}]})");
  CHECK(refused.value() == TransactionAnswer{false, 5, {{"a", "b", 2, 0}}});
}

TEST_CASE("etcd gateway: a lease that has ended is kept alive without a lifetime") {
  CHECK(readGrant(R"({"header":{},"ID":"135","TTL":"2"})").value() == Lease{135, 2s});
  CHECK(readKeepAlive(R"({"result":{"header":{},"ID":"135","TTL":"2"}})").value() ==
        Lease{135, 2s});
  CHECK(readKeepAlive(R"({"result":{"header":{},"ID":"135"}})").value() == Lease{135, 0s});
}

TEST_CASE("etcd gateway: a member without a name has not started yet") {
  const auto members = readMembers(
      R"({"members":[{"ID":"352","peerURLs":["http://a:2"],"isLearner":true},)"
      R"({"ID":"738","name":"n1","peerURLs":["http://b:2"],"clientURLs":["http://b:1"]}]})");
  REQUIRE(members);
  CHECK(*members == std::vector<Member>{{352, "", {"http://a:2"}, {}, true},
                                        {738, "n1", {"http://b:2"}, {"http://b:1"}, false}});
}

TEST_CASE("etcd gateway: a server without a leader tells none") {
  const auto status =
      readStatus(R"({"header":{"member_id":"7"},"version":"3.4.23","dbSize":"20480"})");
  CHECK(status.value() == ServerStatus{"3.4.23", 7, 0, 20480});
}

TEST_CASE("etcd gateway: a failure says in etcd's words what it is, and whether to try elsewhere") {
  const auto error = [](int status, const char* body) { return readFailure(status, body); };
  const auto noLease = error(404, R"({"error":"etcdserver: requested lease not found","code":5})");
  CHECK(noLease.code == ErrorCode::NotFound);
  CHECK(noLease.message == "etcd: etcdserver: requested lease not found");
  CHECK(error(503, R"({"error":"etcdserver: no leader","code":14})").code ==
        ErrorCode::Unavailable);
  CHECK(error(429, R"({"error":"etcdserver: mvcc: database space exceeded","code":8})").code ==
        ErrorCode::Exhausted);
  CHECK(error(400, R"({"error":"etcdserver: request is too large","code":3})").code ==
        ErrorCode::InvalidArgument);
  CHECK(error(502, "not JSON").message == "etcd: answered 502");
}

TEST_CASE("etcd gateway: the end of a prefix is the first key behind it") {
  CHECK(endOfPrefix("rows/1/") == "rows/10");
}

}  // namespace cluster_lab::etcd
