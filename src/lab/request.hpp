#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::lab {

/// What `cluster-lab lab ...` was asked for.
struct Request {
  std::string verb;  ///< "up", "ls", ...; "help"
  std::string lab = "lab";
  std::optional<unsigned> count;     ///< up
  std::string node;                  ///< exec, kill, start, unplug, plug, logs
  std::string link;                  ///< up; empty: the best that this kernel can
  std::string configFile;            ///< up, add; empty: none
  unsigned cardMiB = 0;              ///< up: size of each node's card; 0: this machine's disk
  std::vector<std::string> further;  ///< what stood after "--"
  bool json = false;
  bool wait = true;
  bool follow = false;
};

/// `standardLab`: the lab's name where --lab is not given. InvalidArgument says what was wrong.
[[nodiscard]] Result<Request> parseRequest(const std::vector<std::string>& arguments,
                                           const std::string& standardLab);

}  // namespace cluster_lab::lab
