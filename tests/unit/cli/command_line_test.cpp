#include "cli/command_line.hpp"

#include <doctest/doctest.h>

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
                                                                 {"status", "--address=a:x"}}) {
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

TEST_CASE("command line: every command has a help of its own, which names every option") {
  for (const auto& command : commands()) {
    const auto help = commandHelp(command.name);
    CHECK(help.starts_with("Usage: cluster-lab " + std::string(command.name)));
    CHECK(overallHelp().find("\n  " + std::string(command.name) + " ") != std::string::npos);
    for (const auto& option : options()) {
      CHECK(help.find("--" + std::string(option.name)) != std::string::npos);
    }
  }
  CHECK(commandHelp("dance").empty());
}

}  // namespace cluster_lab::cli
