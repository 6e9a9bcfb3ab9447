#include "lab/programs.hpp"

#include <filesystem>

#include "lab/kernel.hpp"
#include "os/host.hpp"

namespace cluster_lab::lab {

Result<std::vector<std::string>> daemonCommand() {
  const auto tree = ownProgram().parent_path().parent_path();  // build/src of build/src/cli/PROGRAM
  const auto built = tree / "daemon" / "cluster-labd";
  std::error_code ignored;
  if (std::filesystem::exists(built, ignored)) {
    return std::vector<std::string>{
        built.string(), "--paths.page=" + (tree / "registry" / "ui").string(),
        "--paths.lease-hook=" + (tree / "dhcp" / "cluster-lab-lease").string()};
  }
  if (const auto installed = os::findProgram("cluster-labd"))
    return std::vector<std::string>{installed->string()};
  return fail(ErrorCode::NotFound, "there is no cluster-labd, neither built nor installed",
              "install the package hypriot-cluster-lab, or use ./lab in the source tree");
}

}  // namespace cluster_lab::lab
