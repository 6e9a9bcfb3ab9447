#include "lab/machine_spec.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace cluster_lab::lab {
namespace {

constexpr std::size_t kBeforeDaemon = 4;

}  // namespace

std::vector<std::string> toArguments(const MachineSpec& spec) {
  std::vector<std::string> words = {spec.name, spec.directory, spec.address.toString(),
                                    fmt::format("{}", spec.prefixLength)};
  words.insert(words.end(), spec.daemon.begin(), spec.daemon.end());
  return words;
}

Result<MachineSpec> parseMachineSpec(const std::vector<std::string>& arguments) {
  if (arguments.size() <= kBeforeDaemon)
    return fail(ErrorCode::InvalidArgument,
                "expected NAME DIRECTORY ADDRESS PREFIX DAEMON [ARGUMENT...]");
  const auto address = Ipv4::parse(arguments[2]);
  if (!address) return fail(address.error());
  const auto prefix = parseInteger(arguments[3], 1, 30);
  if (!prefix) return fail(prefix.error());
  return MachineSpec{.name = arguments[0],
                     .directory = arguments[1],
                     .address = *address,
                     .prefixLength = static_cast<int>(*prefix),
                     .daemon = {arguments.begin() + kBeforeDaemon, arguments.end()}};
}

}  // namespace cluster_lab::lab
