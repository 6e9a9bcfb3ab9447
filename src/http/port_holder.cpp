#include "http/port_holder.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/text.hpp"

namespace cluster_lab::http {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListening = "0A";  // TCP_LISTEN in /proc/net/tcp, proc(5)

/// Adds the inodes of the sockets that listen on `port`. Columns: slot, local address "HEX:PORT",
/// remote address, state, queues, timer, retransmits, uid, timeout, inode.
void addListeners(const char* table, std::uint16_t port, std::set<std::string>& links) {
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    std::string slot, local, remote, state, skipped, inode;
    columns >> slot >> local >> remote >> state;
    for (int i = 0; i < 5; ++i) columns >> skipped;
    columns >> inode;
    const auto boundTo = parseHex(local.substr(local.find(':') + 1));
    if (state == kListening && boundTo && *boundTo == port) links.insert("socket:[" + inode + "]");
  }
}

/// Empty where the folder may not be read or goes away meanwhile.
std::vector<fs::path> entriesOf(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(at->path());
  }
  return entries;
}

bool holdsOneOf(const fs::path& process, const std::set<std::string>& links) {
  for (const auto& descriptor : entriesOf(process / "fd")) {
    std::error_code closed;
    if (links.contains(fs::read_symlink(descriptor, closed).string())) return true;
  }
  return false;
}

std::string nameOf(const fs::path& process) {
  std::ifstream file(process / "comm");
  std::string name;
  std::getline(file, name);
  return name + " (pid " + process.filename().string() + ")";
}

}  // namespace

std::string holderOfPort(std::uint16_t port) {
  std::set<std::string> links;
  addListeners("/proc/net/tcp", port, links);
  addListeners("/proc/net/tcp6", port, links);
  if (links.empty()) return {};
  for (const auto& process : entriesOf("/proc")) {
    const auto name = process.filename().string();
    const bool isProcess = name.find_first_not_of("0123456789") == std::string::npos;
    if (isProcess && holdsOneOf(process, links)) return nameOf(process);
  }
  return {};
}

}  // namespace cluster_lab::http
