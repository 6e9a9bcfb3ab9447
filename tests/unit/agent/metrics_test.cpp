#include "agent/metrics.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::agent {
namespace {

const std::vector<Metric> kMetrics = {{"consul.state.nodes", "Nodes in the catalog", 3},
                                      {"consul.api.http", "Requests", 7, true}};

}  // namespace

TEST_CASE("metrics: as Consul's JSON") {
  CHECK(metricsJson(kMetrics, "2026-11-21 08:48:00 +0000 UTC", false) ==
        R"({"Timestamp":"2026-11-21 08:48:00 +0000 UTC",)"
        R"("Gauges":[{"Name":"consul.state.nodes","Value":3,"Labels":{}}],"Points":[],)"
        R"("Counters":[{"Name":"consul.api.http","Count":7,"Rate":7,"Sum":7,"Min":7,"Max":7,)"
        R"("Mean":7,"Stddev":0,"Labels":{}}],"Samples":[]})");
}

TEST_CASE("metrics: as Prometheus reads them") {
  CHECK(metricsText(kMetrics) ==
        "# HELP consul_state_nodes Nodes in the catalog\n"
        "# TYPE consul_state_nodes gauge\n"
        "consul_state_nodes 3\n"
        "# HELP consul_api_http Requests\n"
        "# TYPE consul_api_http counter\n"
        "consul_api_http 7\n");
}

}  // namespace cluster_lab::agent
