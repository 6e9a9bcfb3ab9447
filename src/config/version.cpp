#include "config/version.hpp"

namespace cluster_lab::config {

std::string_view productVersion() {
  return CLUSTER_LAB_VERSION;
}

}  // namespace cluster_lab::config
