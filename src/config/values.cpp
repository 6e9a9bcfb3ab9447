#include "config/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace cluster_lab::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::unexpected<Error> expected(std::string what) {
  return fail(ErrorCode::InvalidArgument, "expected " + std::move(what));
}

bool isWord(std::string_view text, std::string_view alsoAllowed) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return isHostLabel({&c, 1}) || alsoAllowed.find(c) != std::string_view::npos;
  });
}

/// What "20 ms" says; `bare` is the unit of a number without one. nullopt: no duration.
std::optional<milliseconds> parseDuration(std::string_view text, milliseconds bare) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parseInteger(text.substr(0, digits), 0, kMost);
  const auto unit = trim(text.substr(digits));
  if (!number) return std::nullopt;
  if (unit.empty()) return *number * bare;
  if (unit == "ms") return milliseconds(*number);
  if (unit == "s") return seconds(*number);
  if (unit == "min") return std::chrono::minutes(*number);
  if (unit == "h") return std::chrono::hours(*number);
  return std::nullopt;
}

/// What stands between the commas, each read by `readOne`; nothing at all: an empty list.
template <typename ReadOne>
Result<void> readList(std::string_view text, std::vector<std::string>& into, ReadOne readOne) {
  std::vector<std::string> values;
  if (trim(text).empty()) {
    into.clear();
    return {};
  }
  for (const auto part : split(text, ',')) {
    auto value = readOne(trim(part));
    if (!value) return fail(value.error());
    values.push_back(*std::move(value));
  }
  into = std::move(values);
  return {};
}

/// "192.0.2.1:53".
Result<std::string> serverIn(std::string_view text) {
  const auto colon = text.find(':');
  const auto address = Ipv4::parse(text.substr(0, colon));
  const auto port = colon == std::string_view::npos
                        ? Result<std::int64_t>(53)
                        : parseInteger(text.substr(colon + 1), 1, 65535);
  if (!address || !port) return expected("ADDRESS or ADDRESS:PORT, several separated by commas");
  return fmt::format("{}:{}", address->toString(), *port);
}

Result<std::string> hostNameIn(std::string_view text) {
  const auto labels = split(text, '.');
  if (!std::ranges::all_of(labels, isHostLabel)) {
    return expected("host names like pi.example.org, several separated by commas");
  }
  return toLower(text);
}

}  // namespace

Result<void> readHostLabel(std::string_view text, std::string& into) {
  if (!isHostLabel(text)) {
    return expected("1 to 63 letters, digits and hyphens, no hyphen first or last");
  }
  into = text;
  return {};
}

Result<void> readOptionalHostLabel(std::string_view text, std::string& into) {
  if (text.empty()) {
    into.clear();
    return {};
  }
  return readHostLabel(text, into);
}

Result<void> readDatacenter(std::string_view text, std::string& into) {
  if (!isWord(text, "-_") || text.size() > 63) {
    return expected("1 to 63 letters, digits, hyphens and underscores");
  }
  into = text;
  return {};
}

Result<void> readLabel(std::string_view text, std::map<std::string, std::string>& into) {
  if (text.empty()) return {};
  const auto equals = text.find('=');
  const auto name = trim(text.substr(0, equals));
  if (equals == std::string_view::npos || !isWord(name, "-_./")) {
    return expected("NAME=VALUE, the name of letters, digits, '-', '_', '.' and '/'");
  }
  into[std::string(name)] = trim(text.substr(equals + 1));
  return {};
}

Result<void> readInterface(std::string_view text, std::string& into) {
  // dev_valid_name() of the kernel; IFNAMSIZ is 16 with the final zero.
  if (text.empty() || text.size() > 15 || text == "." || text == ".." ||
      text.find_first_of("/: \t") != std::string_view::npos) {
    return expected("an interface name such as eth0, at most 15 characters");
  }
  into = text;
  return {};
}

Result<void> readLinkKind(std::string_view text, LinkKind& into) {
  if (text == "vlan") {
    into = LinkKind::Vlan;
  } else if (text == "vxlan") {
    into = LinkKind::Vxlan;
  } else if (text == "none") {
    into = LinkKind::None;
  } else {
    return expected("vlan, vxlan or none");
  }
  return {};
}

Result<void> readLinkId(std::string_view text, std::uint32_t& into, bool& isAuto) {
  if (text == "auto") {
    isAuto = true;
    return {};
  }
  constexpr std::int64_t kMostVni = 0xFFFFFF;  // RFC 7348 section 5
  const auto number = parseInteger(text, 1, kMostVni);
  if (!number) return expected("auto, or a whole number from 1");
  into = static_cast<std::uint32_t>(*number);
  isAuto = false;
  return {};
}

Result<void> readPort(std::string_view text, std::uint16_t& into) {
  const auto number = parseInteger(text, 1, 65535);
  if (!number) return expected("a port number from 1 to 65535");
  into = static_cast<std::uint16_t>(*number);
  return {};
}

Result<void> readCount(std::string_view text, unsigned least, unsigned most, unsigned& into) {
  const auto number = parseInteger(text, least, most);
  if (!number) return expected(fmt::format("a whole number from {} to {}", least, most));
  into = static_cast<unsigned>(*number);
  return {};
}

Result<void> readSwitch(std::string_view text, bool& into) {
  constexpr std::array<std::string_view, 4> kYes = {"yes", "true", "on", "1"};
  constexpr std::array<std::string_view, 4> kNo = {"no", "false", "off", "0"};
  const bool yes = std::ranges::find(kYes, text) != kYes.end();
  if (!yes && std::ranges::find(kNo, text) == kNo.end()) return expected("yes or no");
  into = yes;
  return {};
}

Result<void> readAck(std::string_view text, bool& byReplica) {
  if (text != "replica" && text != "leader") return expected("replica or leader");
  byReplica = text == "replica";
  return {};
}

Result<void> readStore(std::string_view text, bool& inEtcd) {
  if (text != "embedded" && text != "etcd") return expected("embedded or etcd");
  inEtcd = text == "etcd";
  return {};
}

Result<void> readMembers(std::string_view text, unsigned& into) {
  if (text != "1" && text != "3" && text != "5") return expected("1, 3 or 5");
  into = static_cast<unsigned>(text.front() - '0');
  return {};
}

Result<void> readAddress(std::string_view text, Ipv4& into) {
  const auto address = Ipv4::parse(text);
  if (!address) return expected("an IPv4 address such as 192.168.200.1");
  into = *address;
  return {};
}

Result<void> readSubnet(std::string_view text, Ipv4Network& into) {
  const auto network = Ipv4Network::parse(text);
  if (!network) return fail(network.error());
  into = *network;
  return {};
}

Result<void> readRange(std::string_view text, Ipv4Range& into) {
  const auto range = Ipv4Range::parse(text);
  if (!range) return fail(range.error());
  into = *range;
  return {};
}

Result<void> readPath(std::string_view text, std::filesystem::path& into) {
  if (!text.starts_with('/')) return expected("a path that begins with /");
  into = text;
  return {};
}

Result<void> readPath(std::string_view text, std::string& into) {
  std::filesystem::path path;
  auto read = readPath(text, path);
  if (read) into = path.string();
  return read;
}

Result<void> readDuration(std::string_view text, milliseconds least, milliseconds most,
                          milliseconds& into) {
  const auto duration = parseDuration(text, milliseconds(1));
  if (!duration || *duration < least || *duration > most) {
    return expected(fmt::format("{} ms to {} ms", least.count(), most.count()));
  }
  into = *duration;
  return {};
}

Result<void> readDuration(std::string_view text, seconds least, seconds most, seconds& into) {
  const auto duration = parseDuration(text, seconds(1));
  if (!duration || *duration % seconds(1) != milliseconds(0) || *duration < least ||
      *duration > most) {
    return expected(fmt::format("{} s to {} s, whole seconds", least.count(), most.count()));
  }
  into = std::chrono::duration_cast<seconds>(*duration);
  return {};
}

Result<void> readServers(std::string_view text, std::vector<std::string>& into) {
  return readList(text, into, serverIn);
}

Result<void> readHostNames(std::string_view text, std::vector<std::string>& into) {
  return readList(text, into, hostNameIn);
}

}  // namespace cluster_lab::config
