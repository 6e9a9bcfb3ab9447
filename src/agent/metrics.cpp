#include "agent/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "registry/json_writer.hpp"

namespace cluster_lab::agent {
namespace {

using registry::JsonWriter;

void write(JsonWriter& json, const Metric& metric) {
  json.beginObject().member("Name", metric.name);
  if (metric.counter) {
    for (const char* name : {"Count", "Rate", "Sum", "Min", "Max", "Mean"}) {
      json.member(name, metric.value);
    }
    json.member("Stddev", 0);
  } else {
    json.member("Value", metric.value);
  }
  json.key("Labels").beginObject().endObject().endObject();
}

}  // namespace

std::string metricsJson(const std::vector<Metric>& metrics, const std::string& timestamp,
                        bool pretty) {
  JsonWriter json(pretty);
  const auto writeAll = [&](const char* name, bool counters) {
    json.key(name).beginArray();
    for (const auto& metric : metrics) {
      if (metric.counter == counters) write(json, metric);
    }
    json.endArray();
  };
  json.beginObject().member("Timestamp", timestamp);
  writeAll("Gauges", false);
  json.key("Points").beginArray().endArray();
  writeAll("Counters", true);
  return json.key("Samples").beginArray().endArray().endObject().finish();
}

std::string metricsText(const std::vector<Metric>& metrics) {
  std::string text;
  for (const auto& metric : metrics) {
    auto name = metric.name;
    std::ranges::replace(name, '.', '_');
    text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, metric.help,
                        metric.counter ? "counter" : "gauge", metric.value);
  }
  return text;
}

}  // namespace cluster_lab::agent
