#include "cli/snapshot_view.hpp"

#include <nlohmann/json.hpp>

#include "cli/json_reading.hpp"
#include "cli/style.hpp"

namespace cluster_lab::cli {

using Json = nlohmann::json;

Result<SnapshotView> parseSnapshot(std::string_view content) {
  const auto json = Json::parse(content, nullptr, false);
  const auto& header = member(json, "header");
  const auto& rows = member(json, "rows");
  if (!header.is_object() || !rows.is_array()) {
    return fail(ErrorCode::Corrupt, "the file is no snapshot of a Cluster Lab registry",
                "cluster-lab snapshot save FILE writes one");
  }
  SnapshotView view{.index = numberOf<std::uint64_t>(header, "index"),
                    .term = numberOf<std::uint64_t>(header, "term"),
                    .rows = {}};
  for (const auto& row : rows) ++view.rows[textOf(row, "table")];
  return view;
}

std::string renderSnapshot(const SnapshotView& snapshot) {
  std::vector<Row> lines = {{{"index"}, {std::to_string(snapshot.index)}},
                            {{"term"}, {std::to_string(snapshot.term)}}};
  for (const auto& [table, count] : snapshot.rows)
    lines.push_back({{table}, {std::to_string(count)}});
  return renderTable(lines, Style(false));
}

std::string snapshotJson(const SnapshotView& snapshot) {
  const nlohmann::ordered_json json = {
      {"index", snapshot.index}, {"term", snapshot.term}, {"rows", snapshot.rows}};
  return json.dump(2) + "\n";
}

}  // namespace cluster_lab::cli
