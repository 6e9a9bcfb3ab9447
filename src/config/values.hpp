#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/link_id.hpp"

/// Reads the text of one value into its place. A text that does not fit: InvalidArgument, whose
/// message says what was expected; the place is left as it was.
namespace cluster_lab::config {

[[nodiscard]] Result<void> readHostLabel(std::string_view text, std::string& into);
/// A host label, or nothing.
[[nodiscard]] Result<void> readOptionalHostLabel(std::string_view text, std::string& into);
/// Letters, digits, hyphens and underscores, as Consul names datacenters.
[[nodiscard]] Result<void> readDatacenter(std::string_view text, std::string& into);
/// "NAME=VALUE" is added to the map, in place of an earlier value of that name.
[[nodiscard]] Result<void> readLabel(std::string_view text,
                                     std::map<std::string, std::string>& into);
/// What the kernel takes as an interface name: 1 to 15 characters.
[[nodiscard]] Result<void> readInterface(std::string_view text, std::string& into);
[[nodiscard]] Result<void> readLinkKind(std::string_view text, LinkKind& into);
/// "auto" or a number; `isAuto` tells which.
[[nodiscard]] Result<void> readLinkId(std::string_view text, std::uint32_t& into, bool& isAuto);
[[nodiscard]] Result<void> readPort(std::string_view text, std::uint16_t& into);
[[nodiscard]] Result<void> readCount(std::string_view text, unsigned least, unsigned most,
                                     unsigned& into);
/// "yes", "no" and their usual synonyms.
[[nodiscard]] Result<void> readSwitch(std::string_view text, bool& into);
/// "replica" or "leader".
[[nodiscard]] Result<void> readAck(std::string_view text, bool& byReplica);
/// "embedded" or "etcd".
[[nodiscard]] Result<void> readStore(std::string_view text, bool& inEtcd);
/// An odd number of members, at most 5.
[[nodiscard]] Result<void> readMembers(std::string_view text, unsigned& into);
[[nodiscard]] Result<void> readAddress(std::string_view text, Ipv4& into);
[[nodiscard]] Result<void> readSubnet(std::string_view text, Ipv4Network& into);
[[nodiscard]] Result<void> readRange(std::string_view text, Ipv4Range& into);
[[nodiscard]] Result<void> readPath(std::string_view text, std::filesystem::path& into);
[[nodiscard]] Result<void> readPath(std::string_view text, std::string& into);

/// "ADDRESS" or "ADDRESS:PORT" of DNS servers, separated by commas; in `into` each has its port.
[[nodiscard]] Result<void> readServers(std::string_view text, std::vector<std::string>& into);
/// Host names separated by commas, in lower case in `into`.
[[nodiscard]] Result<void> readHostNames(std::string_view text, std::vector<std::string>& into);

/// A number with one of the units ms, s, min, h; without one it is in milliseconds or seconds, as
/// `into` is.
[[nodiscard]] Result<void> readDuration(std::string_view text, std::chrono::milliseconds least,
                                        std::chrono::milliseconds most,
                                        std::chrono::milliseconds& into);
/// Whole seconds.
[[nodiscard]] Result<void> readDuration(std::string_view text, std::chrono::seconds least,
                                        std::chrono::seconds most, std::chrono::seconds& into);

}  // namespace cluster_lab::config
