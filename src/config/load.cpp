#include "config/load.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/effective.hpp"
#include "config/sources.hpp"
#include "config/version.hpp"
#include "os/file.hpp"

namespace cluster_lab::config {
namespace {

namespace fs = std::filesystem;

/// A file of the system may be missing; one that was asked for may not.
enum class Missing { Fine, Error };

Source readSource(const fs::path& path, Missing missing) {
  const auto text = os::readFile(path);
  if (text) return parseFile(*text, path.string());
  if (missing == Missing::Fine && text.error().code == ErrorCode::NotFound) return {};
  return {{}, {text.error().during("read the configuration").text()}};
}

std::vector<Source> readSources(const CommandLine& line,
                                const std::vector<fs::path>& defaultFiles) {
  const bool named = !line.files.empty();
  std::vector<Source> sources;
  for (const auto& path : named ? line.files : defaultFiles) {
    sources.push_back(readSource(path, named ? Missing::Error : Missing::Fine));
  }
  sources.push_back(line.source);
  return sources;
}

}  // namespace

Loaded load(const std::vector<std::string>& arguments, const std::vector<fs::path>& defaultFiles) {
  const auto line = parseCommandLine(arguments);
  if (line.request == Request::Help) return {{}, 0, helpText()};
  if (line.request == Request::Version) {
    return {{}, 0, fmt::format("cluster-labd {}\n", productVersion())};
  }
  const auto effective = combine(readSources(line, defaultFiles));
  if (!effective.errors.empty()) {
    return {{}, kExitConfiguration, fmt::format("{}\n", fmt::join(effective.errors, "\n"))};
  }
  if (line.request == Request::CheckConfiguration) return {{}, 0, "configuration is correct\n"};
  if (line.request == Request::PrintConfiguration) return {{}, 0, printed(effective)};
  return {effective.settings, std::nullopt, {}};
}

Loaded load(int argc, const char* const* argv) {
  return load({argv + 1, argv + argc}, defaultFiles("/"));
}

std::vector<fs::path> defaultFiles(const fs::path& root) {
  const auto ofImage = root / "run/cluster-lab-card/cluster-lab.conf";
  std::error_code unreadable;
  const auto card =
      fs::exists(ofImage, unreadable) ? ofImage : root / "boot/firmware/cluster-lab.conf";
  return {root / "etc/cluster-lab/cluster-lab.conf", card};
}

}  // namespace cluster_lab::config
