#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cluster_lab::agent {

/// A figure of this node as it is now.
struct Metric {
  std::string name;  ///< with dots, as Consul writes it
  std::string help;
  std::uint64_t value = 0;
  bool counter = false;  ///< it only grows
};

/// As Consul's /v1/agent/metrics: gauges and counters; `timestamp` as it writes it.
[[nodiscard]] std::string metricsJson(const std::vector<Metric>& metrics,
                                      const std::string& timestamp, bool pretty);
/// In the text format of Prometheus, 0.0.4.
[[nodiscard]] std::string metricsText(const std::vector<Metric>& metrics);

}  // namespace cluster_lab::agent
