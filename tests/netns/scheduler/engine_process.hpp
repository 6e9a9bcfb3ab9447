#pragma once

#include <sys/types.h>

#include <string>

namespace cluster_lab::scheduler {

/// A real Docker Engine in namespaces of its own, with its data in a folder of its own; all of it
/// goes with this object.
class EngineProcess {
 public:
  EngineProcess();
  ~EngineProcess();
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;

  /// Why none can run here; empty: it can.
  [[nodiscard]] static std::string hindrance();
  [[nodiscard]] std::string socketPath() const { return folder_ + "/docker.sock"; }
  [[nodiscard]] bool running();

 private:
  std::string folder_;
  pid_t pid_ = -1;
};

}  // namespace cluster_lab::scheduler
