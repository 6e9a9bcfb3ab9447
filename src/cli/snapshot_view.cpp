#include "cli/snapshot_view.hpp"

#include <nlohmann/json.hpp>

#include "cli/style.hpp"
#include "registry/snapshot_file.hpp"

namespace cluster_lab::cli {

Result<SnapshotView> parseSnapshot(std::string_view archive) {
  const auto snapshot = registry::decodeSnapshot(archive);
  if (!snapshot) {
    return fail(Error{ErrorCode::Corrupt, snapshot.error().message,
                      "cluster-lab snapshot save FILE writes one"}
                    .during("no snapshot of a Cluster Lab registry"));
  }
  const auto& at = snapshot->header.at;
  SnapshotView view{.index = at.index, .term = at.term, .rows = {}};
  for (const auto& row : snapshot->rows) ++view.rows[std::string(toString(row.table))];
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
