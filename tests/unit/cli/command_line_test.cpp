#include "cli/command_line.hpp"

#include <doctest/doctest.h>

#include "cli/command_table.hpp"

namespace cluster_lab::cli {

TEST_CASE("command line: command and options in any order") {
  const auto read = parseCommandLine({"--json", "nodes", "--address", "10.0.0.5:8600"});
  REQUIRE(read);
  CHECK(read->command == "nodes");
  CHECK(read->json);
  CHECK(read->host == "10.0.0.5");
  CHECK(read->port == 8600);
}

TEST_CASE("command line: the address may be a host alone or a port alone") {
  const auto host = parseCommandLine({"status", "--address=pi-3"});
  REQUIRE(host);
  CHECK(host->host == "pi-3");
  CHECK_FALSE(host->port);
  const auto port = parseCommandLine({"status", "--address=:8600"});
  REQUIRE(port);
  CHECK(port->host == "127.0.0.1");
  CHECK(port->port == 8600);
}

TEST_CASE("command line: everything after lab goes to the lab untouched") {
  const auto read = parseCommandLine({"lab", "exec", "pi-1", "--", "ls", "--json"});
  REQUIRE(read);
  CHECK(read->command == "lab");
  CHECK_FALSE(read->json);
  CHECK(read->rest == std::vector<std::string>{"exec", "pi-1", "--", "ls", "--json"});
}

TEST_CASE("command line: what is not understood is an error that says what was expected") {
  for (const auto& wrong : std::vector<std::vector<std::string>>{{},
                                                                 {"stat"},
                                                                 {"status", "now"},
                                                                 {"status", "--jso"},
                                                                 {"status", "--address"},
                                                                 {"status", "--address=a:0"},
                                                                 {"status", "--address=a:x"},
                                                                 {"kv"},
                                                                 {"kv", "frob"},
                                                                 {"kv", "get"},
                                                                 {"kv", "get", "a", "b"},
                                                                 {"kv", "put", "a", "--cas=x"},
                                                                 {"kv", "put", "a", "--cas=-1"},
                                                                 {"kv", "get", "a", "--cas=1"},
                                                                 {"services", "--recurse"},
                                                                 {"events", "stop"},
                                                                 {"snapshot", "save"},
                                                                 {"members", "pi-1"}}) {
    const auto read = parseCommandLine(wrong);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::InvalidArgument);
    CHECK_FALSE(read.error().remedy.empty());
  }
}

TEST_CASE("command line: help and version need no command") {
  CHECK(parseCommandLine({"--help"})->help);
  CHECK(parseCommandLine({"--version"})->version);
  CHECK(parseCommandLine({"doctor", "--help"})->command == "doctor");
}

TEST_CASE("command line: an action takes its operands and options in any order") {
  const auto read = parseCommandLine({"kv", "--cas", "7", "put", "a/b", "x", "--flags=42"});
  REQUIRE(read);
  CHECK(read->command == "kv");
  CHECK(read->action == "put");
  CHECK(read->operands == std::vector<std::string>{"a/b", "x"});
  CHECK(read->cas == 7);
  CHECK(read->flags == 42);
  CHECK(parseCommandLine({"kv", "put", "a", "--cas=0"})->cas == 0);
  CHECK_FALSE(parseCommandLine({"kv", "put", "a"})->cas);
}

TEST_CASE("command line: after two hyphens an operand may begin with one") {
  const auto read = parseCommandLine({"kv", "put", "n", "--json", "--", "-5"});
  REQUIRE(read);
  CHECK(read->json);
  CHECK(read->operands == std::vector<std::string>{"n", "-5"});
}

TEST_CASE("command line: what a command does by itself needs no action's word") {
  CHECK(parseCommandLine({"services"})->operands.empty());
  CHECK(parseCommandLine({"services", "web"})->operands.front() == "web");
  CHECK(parseCommandLine({"events", "--history"})->history);
  const auto fired = parseCommandLine({"events", "fire", "deploy", "v1"});
  REQUIRE(fired);
  CHECK(fired->action == "fire");
  CHECK(fired->operands == std::vector<std::string>{"deploy", "v1"});
}

TEST_CASE("command line: an option of another command is an error that names its own") {
  const auto read = parseCommandLine({"services", "--cas=4"});
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "--cas is for: kv put, kv delete");
}

TEST_CASE("command line: every command has a help of its own, with its actions and options") {
  for (const auto& command : commands()) {
    const auto help = commandHelp(command.name);
    CHECK(help.starts_with("Usage: cluster-lab " + std::string(command.name)));
    CHECK(overallHelp().find("\n  " + std::string(command.name) + " ") != std::string::npos);
    for (const auto& option : options()) {
      if (!option.takers.empty()) continue;
      CHECK(help.find("--" + std::string(option.name)) != std::string::npos);
    }
  }
  for (const auto& action : actions()) {
    if (action.name.empty()) continue;
    const auto line = std::string(action.command) + " " + std::string(action.name) + " ";
    CHECK(commandHelp(action.command).find(line) != std::string::npos);
  }
  CHECK(commandHelp("kv").find("--cas INDEX") != std::string::npos);
  CHECK(commandHelp("status").find("--cas") == std::string::npos);
  CHECK(commandHelp("dance").empty());
}

}  // namespace cluster_lab::cli
