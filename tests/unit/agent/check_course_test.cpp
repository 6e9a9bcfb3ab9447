#include "agent/check_course.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "agent/alias.hpp"

using namespace std::chrono_literals;

namespace cluster_lab::agent {
namespace {

using registry::Health;

const TimePoint kStart{};

CheckDefinition httpCheck(std::chrono::nanoseconds interval = 10s) {
  CheckDefinition check;
  check.id = "web";
  check.http = "http://localhost/";
  check.interval = interval;
  return check;
}

CheckDefinition ttlCheck() {
  CheckDefinition check;
  check.id = "beat";
  check.ttl = 30s;
  return check;
}

const CheckResult kGood{Health::Passing, "good"};
const CheckResult kSoSo{Health::Warning, "so so"};
const CheckResult kBad{Health::Critical, "bad"};

/// What the check says after each of the results; "-" where it says what it said.
std::string said(const CheckDefinition& check, const std::vector<CheckResult>& results) {
  CheckCourse course(check, kStart, 0s);
  std::string all;
  for (const auto& result : results) {
    const auto says = course.finished(kStart, result);
    all += says ? registry::toString(says->status).front() : '-';
  }
  return all;
}

}  // namespace

TEST_CASE("check: the first run is spread, the next is an interval after the end of the last") {
  CheckCourse course(httpCheck(), kStart, 3s);
  CHECK_FALSE(course.begin(kStart + 2s));
  CHECK(course.nextDeadline() == kStart + 3s);
  CHECK(course.begin(kStart + 3s));
  CHECK_FALSE(course.begin(kStart + 100s));
  CHECK_FALSE(course.nextDeadline());
  CHECK(course.finished(kStart + 7s, kGood) == kGood);
  CHECK(course.nextDeadline() == kStart + 17s);
}

TEST_CASE("check: it runs once a second at most") {
  CheckCourse course(httpCheck(1ms), kStart, 0s);
  CHECK(course.begin(kStart));
  CHECK(course.finished(kStart, kGood));
  CHECK(course.nextDeadline() == kStart + 1s);
}

TEST_CASE("check: without thresholds every result counts") {
  CHECK(said(httpCheck(), {kGood, kBad, kSoSo, kBad}) == "pcwc");
}

TEST_CASE("check: so many successes in a row before it passes") {
  auto check = httpCheck();
  check.successBeforePassing = 3;
  CHECK(said(check, {kGood, kGood, kBad, kGood, kSoSo, kGood}) == "--c--p");
}

TEST_CASE("check: so many failures in a row before it is critical") {
  auto check = httpCheck();
  check.failuresBeforeCritical = check.failuresBeforeWarning = 3;
  CHECK(said(check, {kBad, kBad, kGood, kBad, kBad, kBad, kBad}) == "--p--cc");
}

TEST_CASE("check: it may warn before it is critical") {
  auto check = httpCheck();
  check.failuresBeforeCritical = 3;
  check.failuresBeforeWarning = 2;
  CHECK(said(check, {kBad, kBad, kBad}) == "-wc");
}

TEST_CASE("check: a time to live runs out once, and begins anew with a report") {
  CheckCourse course(ttlCheck(), kStart, 0s);
  CHECK_FALSE(course.begin(kStart + 30s));
  CHECK_FALSE(course.expire(kStart + 29s));
  CHECK(course.expire(kStart + 30s) == CheckResult{Health::Critical, "TTL expired"});
  CHECK_FALSE(course.expire(kStart + 90s));
  CHECK(course.reported(kStart + 100s, kGood) == kGood);
  CHECK(course.nextDeadline() == kStart + 130s);
  CHECK(course.expire(kStart + 130s)->output ==
        "TTL expired (last output before timeout follows): good");
}

TEST_CASE("check: a report of any size is cut with Consul's mark") {
  CheckCourse course(ttlCheck(), kStart, 0s);
  const auto says = course.reported(kStart, {Health::Passing, std::string(5000, 'x')});
  CHECK(says.output == std::string(4096, 'x') + " ... (captured 4096 of 5000 bytes)");
}

TEST_CASE("check result: what a program printed is cut from the front") {
  CHECK(cutPrinted("all", 3) == "all");
  CHECK(cutPrinted("\n2999\n3000\n", 13893) == "Captured 11 of 13893 bytes\n...\n\n2999\n3000\n");
}

TEST_CASE("check result: an answer is judged by its status") {
  const auto judge = [](int status) { return judgeAnswer("", "URL", status, "R", "B").status; };
  CHECK((judge(200) == Health::Passing));
  CHECK((judge(299) == Health::Passing));
  CHECK((judge(300) == Health::Critical));
  CHECK((judge(429) == Health::Warning));
  CHECK((judge(500) == Health::Critical));
  CHECK(judgeAnswer("", "http://a/", 404, "Not Found", "body").output ==
        "HTTP GET http://a/: 404 Not Found Output: body");
}

TEST_CASE("check result: a program is judged by its exit status") {
  CHECK((judgeExit(0) == Health::Passing));
  CHECK((judgeExit(1) == Health::Warning));
  CHECK((judgeExit(2) == Health::Critical));
  CHECK((judgeExit(-1) == Health::Critical));
}

TEST_CASE("alias: it says the worst of the service's checks and its node's") {
  const AliasTarget target{.node = "", .service = "web", .exists = true};
  const std::vector<AliasedCheck> checks = {{"one", "web", Health::Passing, ""},
                                            {"two", "", Health::Warning, "disk"},
                                            {"three", "web", Health::Critical, "down"},
                                            {"four", "db", Health::Critical, "other"}};
  CHECK(judgeAlias(target, checks) ==
        CheckResult{Health::Critical, "Aliased check \"three\" failing: down"});
  CHECK(judgeAlias(target, std::span(checks).first(2)) ==
        CheckResult{Health::Warning, "Aliased check \"two\" failing: disk"});
  CHECK(judgeAlias(target, std::span(checks).first(1)) ==
        CheckResult{Health::Passing, "All checks passing."});
  CHECK(judgeAlias(target, {}) == CheckResult{Health::Passing, "No checks found."});
}

TEST_CASE("alias: of a service that is not there it is critical") {
  CHECK(judgeAlias({.node = "pi-2", .service = "web", .exists = false}, {}) ==
        CheckResult{Health::Critical, "Service web could not be found on node pi-2"});
}

}  // namespace cluster_lab::agent
