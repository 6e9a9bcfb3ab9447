#include "os/child_process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "os/file_descriptor.hpp"
#include "run_until.hpp"

namespace cluster_lab::os::test {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// A child, and what it said.
struct Child {
  explicit Child(Command command)
      : child(ChildProcess::start(
                  *loop, command,
                  {.onLine = [this](std::string_view line) { lines.emplace_back(line); },
                   .onExit = [this](int, const std::string& how) { ended = how; }})
                  .value()) {}
  [[nodiscard]] bool waitForEnd() {
    return runUntil(*loop, [this] { return ended.has_value(); });
  }
  [[nodiscard]] bool waitForLines(std::size_t count) {
    return runUntil(*loop, [this, count] { return lines.size() >= count; });
  }

  std::unique_ptr<EventLoop> loop = makeLoop();
  Lines lines;
  std::optional<std::string> ended;
  std::unique_ptr<ChildProcess> child;
};

struct Shell : Child {
  explicit Shell(const std::string& script, std::vector<std::string> environment = {})
      : Child({{"sh", "-c", script}, std::move(environment)}) {}
};

bool hasNoChildren() {
  return waitpid(-1, nullptr, WNOHANG) == -1;
}

}  // namespace

TEST_CASE("child: stdout and stderr come line by line, all before the exit") {
  Shell shell("echo one; echo two >&2; echo; printf 'no end'; exit 1");
  REQUIRE(shell.waitForEnd());
  CHECK(shell.lines == Lines{"one", "two", "", "no end"});
  CHECK(shell.ended == "exit status 1");
  CHECK(hasNoChildren());
}

TEST_CASE("child: a line without end is cut into pieces of 4096 bytes") {
  Shell shell("head -c 10000 /dev/zero | tr '\\0' x");
  REQUIRE(shell.waitForEnd());
  REQUIRE(shell.lines.size() == 3);
  CHECK(shell.lines[0].size() == 4096);
  CHECK(shell.lines[2].size() == 10000 - 2 * 4096);
}

TEST_CASE("child: more output than a pipe holds comes all before the exit") {
  Shell shell("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done");
  REQUIRE(shell.waitForEnd());
  REQUIRE(shell.lines.size() == 20000);
  CHECK(shell.lines.back() == "19999");
}

TEST_CASE("child: a grandchild that keeps the output open does not delay the exit") {
  Shell shell("sleep 600 & echo $!");
  REQUIRE(shell.waitForEnd());
  REQUIRE(shell.lines.size() == 1);
  CHECK(kill(std::stoi(shell.lines[0]), SIGKILL) == 0);
}

TEST_CASE("child: its variables are the daemon's with its own over them") {
  setenv("OS_TEST_KEPT", "kept", 1);
  setenv("OS_TEST_CHANGED", "old", 1);
  Shell shell("echo $OS_TEST_KEPT $OS_TEST_CHANGED", {"OS_TEST_CHANGED=new"});
  REQUIRE(shell.waitForEnd());
  CHECK(shell.lines == Lines{"kept new"});
}

TEST_CASE("child: no descriptor, blocked signal or ignored signal of the daemon reaches it") {
  const FileDescriptor leaky(open("/dev/null", O_RDONLY));
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  Child lists({{"ls", "/proc/self/fd"}, {}});
  Child reads({{"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}, {}});
  std::signal(SIGPIPE, before);
  REQUIRE(lists.waitForEnd());
  REQUIRE(reads.waitForEnd());
  CHECK(lists.lines == Lines{"0", "1", "2", "3"});  // 3: the folder that ls reads
  CHECK(reads.lines == Lines{"SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"});
}

TEST_CASE("child: a program that is not there is NotFound, with the package where known") {
  const auto loop = makeLoop();
  const auto unknown = ChildProcess::start(*loop, {{"no-such-program"}, {}}, {});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::NotFound);
  CHECK(unknown.error().message == "program 'no-such-program' is not there");
  CHECK(unknown.error().remedy.empty());
  if (access("/usr/sbin/haproxy", X_OK) == 0) return;
  const auto haproxy = ChildProcess::start(*loop, {{"haproxy"}, {}}, {});
  REQUIRE_FALSE(haproxy);
  CHECK(haproxy.error().remedy == "apt-get install haproxy");
}

TEST_CASE("child: a program that the kernel refuses fails at start, with the kernel's reason") {
  std::string path = "/tmp/os-child-test-XXXXXX";
  const FileDescriptor file(mkstemp(path.data()));
  REQUIRE(write(file.get(), "#!/no/such/interpreter\n", 23) == 23);
  REQUIRE(fchmod(file.get(), 0755) == 0);
  const auto loop = makeLoop();
  const auto child = ChildProcess::start(*loop, {{path}, {}}, {});
  unlink(path.c_str());
  REQUIRE_FALSE(child);
  CHECK(child.error().message.starts_with("start " + path + ": "));
  CHECK(hasNoChildren());
}

TEST_CASE("child: a signal's name is in the exit") {
  Shell shell("kill -SEGV $$");
  REQUIRE(shell.waitForEnd());
  CHECK(shell.ended == "killed by SIGSEGV");
}

TEST_CASE("child: terminate lets it end by itself") {
  Shell shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  REQUIRE(shell.waitForLines(1));
  shell.child->terminate(10s);
  REQUIRE(shell.waitForEnd());
  CHECK(shell.lines == Lines{"ready", "bye"});
  CHECK(shell.ended == "exit status 0");
}

TEST_CASE("child: terminate kills the one that ignores it, after the grace") {
  Shell shell("trap '' TERM; echo ready; while :; do sleep 0.01; done");
  REQUIRE(shell.waitForLines(1));
  const auto asked = shell.loop->now();
  shell.child->terminate(50ms);
  REQUIRE(shell.waitForEnd());
  CHECK(shell.loop->now() >= asked + 50ms);
  CHECK(shell.ended == "killed by SIGKILL");
}

TEST_CASE("child: stop waits for the end and hands on the last lines, but no exit") {
  Shell shell("trap 'echo bye; printf end; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  REQUIRE(shell.waitForLines(1));
  shell.child->stop(10s);
  CHECK(shell.lines == Lines{"ready", "bye", "end"});
  CHECK_FALSE(shell.ended);
  CHECK(hasNoChildren());
}

TEST_CASE("child: stop kills the one that ignores it and floods the pipe") {
  Shell shell("trap '' TERM; echo ready; while :; do echo flood; done");
  REQUIRE(shell.waitForLines(1));
  shell.child->stop(50ms);
  CHECK(hasNoChildren());
}

TEST_CASE("child: destroying it kills and reaps it") {
  Shell shell("echo ready; exec sleep 600");
  REQUIRE(shell.waitForLines(1));
  shell.child.reset();
  CHECK(hasNoChildren());
}

TEST_CASE("child: it may be destroyed in onLine and in onExit") {
  const auto loop = makeLoop();
  std::unique_ptr<ChildProcess> child;
  int calls = 0;
  child = ChildProcess::start(*loop, {{"sh", "-c", "echo a; echo b; exec sleep 600"}, {}},
                              {.onLine =
                                   [&](std::string_view) {
                                     ++calls;
                                     child.reset();
                                   },
                               .onExit = {}})
              .value();
  REQUIRE(runUntil(*loop, [&] { return child == nullptr; }));
  CHECK(calls == 1);
  CHECK(hasNoChildren());
  child =
      ChildProcess::start(*loop, {{"true"}, {}},
                          {.onLine = {}, .onExit = [&](int, const std::string&) { child.reset(); }})
          .value();
  REQUIRE(runUntil(*loop, [&] { return child == nullptr; }));
  CHECK(hasNoChildren());
}

TEST_CASE("child: it dies with the daemon, however that ends") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  FileDescriptor read(ends[0]);
  FileDescriptor write(ends[1]);
  const pid_t daemon = fork();
  if (daemon == 0) {
    auto loop = EventLoop::create();
    auto child = ChildProcess::start(**loop, {{"sleep", "600"}, {}}, {});
    const pid_t pid = (*child)->pid();
    if (::write(write.get(), &pid, sizeof pid) != sizeof pid) _exit(1);
    raise(SIGKILL);
  }
  pid_t child = 0;
  REQUIRE(::read(read.get(), &child, sizeof child) == sizeof child);
  waitpid(daemon, nullptr, 0);
  const auto loop = makeLoop();
  // Dead, or a zombie that nobody has reaped yet.
  CHECK(runUntil(*loop, [&] {
    const auto status = std::to_string(child);
    return kill(child, 0) != 0 ||
           system(("grep -q '^State:.Z' /proc/" + status + "/status").c_str()) == 0;
  }));
}

}  // namespace cluster_lab::os::test
