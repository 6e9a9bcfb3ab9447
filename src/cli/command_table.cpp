#include "cli/command_table.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {
namespace {

constexpr std::array kCommands = {
    CommandInfo{"status", "", "this node and its cluster on one screen",
                "Shows the state of the cluster in one sentence, this node's role, link and\n"
                "addresses, its problems with what to do, and its neighbours.\n"
                "Exit code 1 when something is wrong.\n"},
    CommandInfo{"nodes", "", "the table of all nodes",
                "Shows name, role, health, address, age and labels of every node.\n"
                "Exit code 1 when a node is not healthy.\n"},
    CommandInfo{"members", "", "the nodes as Consul's clients see them",
                "Shows name, address, status and build of every node.\n"
                "Exit code 1 when one is not alive.\n"},
    CommandInfo{"services", "[NAME]", "the services and their health",
                "Shows every service, or the instances of one with their checks.\n"
                "Exit code 1 when a check does not pass, or there is no such service.\n"},
    CommandInfo{
        "kv", "ACTION ...", "the key/value store",
        "Reads and changes keys. Values go in and out byte for byte. Before an operand that\n"
        "begins with a hyphen goes a word of two hyphens: cluster-lab kv put n -- -5\n"
        "Exit code 1 when there is no such key, or a change was not made.\n"},
    CommandInfo{"events", "[fire NAME ...]", "user events, and the cluster's history",
                "Shows the newest user events, oldest first, or fires one.\n"},
    CommandInfo{"snapshot", "ACTION FILE", "the registry's content as a file",
                "Keeps all that the registry holds in a file, and puts it back.\n"},
    CommandInfo{
        "forget", "NODE", "a node that will not come back",
        "Takes a silent node, by name or id, out of the registry with all that is on it,\n"
        "and frees its address. A living one only with --force, until it registers again.\n"},
    CommandInfo{"lost", "ACTION [FILE]", "what a split has lost, kept on this node",
                "When the sides of a split meet, one side's registry wins. What the other had\n"
                "written is kept in files on the nodes that had it. replay writes what the winner\n"
                "has not changed since, and tells of the rest.\n"
                "Exit code 1 when there are files, or something could not be written.\n"},
    CommandInfo{
        "registry", "ACTION", "where the registry is kept, and moving it",
        "The registry is kept on each node's card (embedded), or by a majority of three or\n"
        "five nodes (etcd, from Debian's package etcd-server). Moving it takes a moment and\n"
        "loses nothing. Where most of etcd's members are lost for good, recover goes on from\n"
        "what this node has, says what that loses, and asks before it does.\n"
        "Exit code 1 when too few members answer, or something was not done.\n"},
    CommandInfo{"start", "", "start the cluster on this node",
                "Starts the service cluster-start, and returns when this node leads or follows.\n"
                "Needs root.\n"},
    CommandInfo{"stop", "", "stop the cluster on this node",
                "Starts the service cluster-stop: this node leaves the cluster, and its network\n"
                "is put back as it was. Needs root.\n"},
    CommandInfo{"dependencies", "", "the programs and kernel modules that are needed",
                "Shows what is found in which version, and the package of what is missing.\n"
                "Exit code 1 when a required one is missing.\n"},
    CommandInfo{"health", "", "check this node, link by link of the chain",
                "Prints a PASS, WARN, FAIL or SKIP line per check, from the configuration to the\n"
                "scheduler endpoint, and what to do about each that failed.\n"
                "Exit code 1 when a check failed.\n"},
    CommandInfo{"doctor", "", "what is wrong, why, and what to do",
                "Explains what keeps this node or its cluster from working, from what the daemon\n"
                "hears and from this machine itself. Changes nothing; works without the daemon.\n"
                "Exit code 1 when something is wrong.\n"},
    CommandInfo{"lab", "COMMAND ...", "a virtual cluster on this machine",
                "Runs nodes in network namespaces. See: cluster-lab lab --help\n"},
};

constexpr std::array kActions = {
    ActionInfo{"services", "", "[NAME]", 0, 1, "all services, or the instances of one"},
    ActionInfo{"kv", "get", "KEY", 1, 1, "print the value"},
    ActionInfo{"kv", "put", "KEY [VALUE]", 1, 2, "set it; no VALUE, or -: standard input"},
    ActionInfo{"kv", "delete", "KEY", 1, 1, "delete it"},
    ActionInfo{"kv", "list", "[PREFIX]", 0, 1, "keys and folders that begin so"},
    ActionInfo{"kv", "export", "[PREFIX]", 0, 1, "keys with values and flags as JSON"},
    ActionInfo{"kv", "import", "[FILE]", 0, 1,
               "set what export printed; no FILE, or -: standard input"},
    ActionInfo{"events", "", "", 0, 0, "the newest events"},
    ActionInfo{"events", "fire", "NAME [PAYLOAD]", 1, 2, "fire one; PAYLOAD -: standard input"},
    ActionInfo{"snapshot", "save", "FILE", 1, 1, "write the registry's content to a new file"},
    ActionInfo{"snapshot", "restore", "FILE", 1, 1, "replace the registry's content by the file's"},
    ActionInfo{"snapshot", "inspect", "FILE", 1, 1, "tell what a file holds; asks no daemon"},
    ActionInfo{"forget", "", "NODE", 1, 1, "forget it"},
    ActionInfo{"lost", "list", "", 0, 0, "the files, oldest first"},
    ActionInfo{"lost", "show", "FILE", 1, 1, "what was written, and what the winner has"},
    ActionInfo{"lost", "replay", "FILE", 1, 1, "write it again"},
    ActionInfo{"lost", "delete", "FILE", 1, 1, "delete the file"},
    ActionInfo{"registry", "status", "", 0, 0, "how it is kept, by whom, and who of them answers"},
    ActionInfo{"registry", "convert", "KIND", 1, 1, "move it to: embedded, etcd"},
    ActionInfo{"registry", "recover", "", 0, 0, "go on from this node's copy, without the others"},
};

constexpr std::array kOptions = {
    OptionInfo{"recurse", "", "all keys that begin so; list: below folders too",
               "kv get, kv delete, kv list"},
    OptionInfo{"cas", "INDEX", "only if the key's ModifyIndex is that; 0: if it is not there",
               "kv put, kv delete"},
    OptionInfo{"flags", "NUMBER", "the key's flags, a number of your own", "kv put"},
    OptionInfo{"watch", "", "stay, and show every change", "services"},
    OptionInfo{"history", "", "the cluster's time line: who led, came and went, and why", "events"},
    OptionInfo{"force", "", "also what the winner changed; also a node that is alive",
               "lost replay, forget"},
    OptionInfo{"dry-run", "", "only tell what would be written", "lost replay"},
    OptionInfo{"yes", "", "do not ask", "registry recover"},
    OptionInfo{"json", "", "print JSON, for programs", ""},
    OptionInfo{"address", "HOST:PORT", "the daemon to ask (default: 127.0.0.1, registry.port)", ""},
    OptionInfo{"config", "FILE", "read this configuration file instead of the system's", ""},
    OptionInfo{"help", "", "print help, with a command: about the command", ""},
    OptionInfo{"version", "", "print the version", ""},
};

/// "kv get"; "services".
std::string fullName(std::string_view command, std::string_view action) {
  return std::string(command) + (action.empty() ? "" : " " + std::string(action));
}

/// Does any action of the command take it?
bool takesSomehow(const OptionInfo& option, std::string_view command) {
  if (takes(option, command, "")) return true;
  return std::ranges::any_of(kActions, [&](const ActionInfo& action) {
    return action.command == command && takes(option, command, action.name);
  });
}

std::string actionsHelp(std::string_view command) {
  std::vector<Row> rows;
  for (const auto& action : kActions) {
    if (action.command != command) continue;
    auto words = fullName(command, action.name);
    if (!action.operands.empty()) words += " " + std::string(action.operands);
    rows.push_back({{std::move(words)}, {std::string(action.summary)}});
  }
  return rows.size() < 2 ? "" : "\nActions:\n" + renderTable(rows, Style(false), 2);
}

template <typename Wanted>
std::string optionsHelp(Wanted wanted) {
  std::vector<Row> rows;
  for (const auto& option : kOptions) {
    if (!wanted(option)) continue;
    auto name = "--" + std::string(option.name);
    if (!option.argument.empty()) name += " " + std::string(option.argument);
    rows.push_back({{std::move(name)}, {std::string(option.summary)}});
  }
  return "\nOptions:\n" + renderTable(rows, Style(false), 2);
}

}  // namespace

std::span<const CommandInfo> commands() {
  return kCommands;
}

std::span<const ActionInfo> actions() {
  return kActions;
}

std::span<const OptionInfo> options() {
  return kOptions;
}

bool takes(const OptionInfo& option, std::string_view command, std::string_view action) {
  if (option.takers.empty()) return true;
  const auto name = fullName(command, action);
  return std::ranges::any_of(split(option.takers, ','),
                             [&](std::string_view taker) { return trim(taker) == name; });
}

std::string actionNames(std::string_view command) {
  std::string names;
  for (const auto& action : kActions) {
    if (action.command != command || action.name.empty()) continue;
    names += (names.empty() ? "" : ", ") + std::string(action.name);
  }
  return names;
}

std::string overallHelp() {
  std::vector<Row> rows;
  for (const auto& command : kCommands) {
    auto name = std::string(command.name);
    if (!command.arguments.empty()) name += " " + std::string(command.arguments);
    rows.push_back({{name}, {std::string(command.summary)}});
  }
  return "Usage: cluster-lab COMMAND [OPTION]...\n"
         "Looks at the cluster that this node is part of, uses its registry, starts and stops it\n"
         "here.\n"
         "\nCommands:\n" +
         renderTable(rows, Style(false), 2) +
         optionsHelp([](const OptionInfo& option) { return option.takers.empty(); }) +
         "\nExit codes: 0 all is well, 1 something is wrong, 2 the command line was not\n"
         "understood, 69 the daemon does not answer.\n";
}

std::string commandHelp(std::string_view command) {
  const auto found = std::ranges::find(kCommands, command, &CommandInfo::name);
  if (found == kCommands.end()) return "";
  auto usage = "Usage: cluster-lab " + std::string(found->name) + " ";
  if (!found->arguments.empty()) usage += std::string(found->arguments) + " ";
  if (command != "lab") usage += "[OPTION]...";
  return usage + "\n" + std::string(found->help) + actionsHelp(command) +
         optionsHelp([&](const OptionInfo& option) { return takesSomehow(option, command); });
}

}  // namespace cluster_lab::cli
