#include "cli/storage_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/json_reading.hpp"

namespace cluster_lab::cli {
namespace {

std::string countText(const StorageView& storage) {
  return std::to_string(storage.answering()) + " of " + std::to_string(storage.members.size()) +
         (storage.answering() == 1 ? " members answers" : " members answer");
}

Row rowOf(const StorageView::Member& member) {
  return {{member.name, Tone::Strong},
          {member.address},
          member.answers ? Cell{"answers", Tone::Good} : Cell{"silent", Tone::Bad},
          {member.index == 0 ? "-" : std::to_string(member.index)}};
}

}  // namespace

std::size_t StorageView::answering() const {
  return static_cast<std::size_t>(std::ranges::count_if(members, &Member::answers));
}

bool StorageView::isWell() const {
  return !isShared() || (majority && answering() == members.size());
}

Result<StorageView> parseStorage(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  StorageView storage{.kind = textOf(parsed, "kind"),
                      .index = numberOf<std::uint64_t>(parsed, "index"),
                      .majority = member(parsed, "majority") == true,
                      .loss = textOf(parsed, "loss"),
                      .members = {}};
  if (storage.kind.empty()) {
    return fail(ErrorCode::Corrupt, "the daemon does not say where the registry is kept");
  }
  for (const auto& one : listOf(parsed, "members")) {
    storage.members.push_back({.name = textOf(one, "name"),
                               .address = textOf(one, "address"),
                               .answers = member(one, "answers") == true,
                               .index = numberOf<std::uint64_t>(one, "index")});
  }
  return storage;
}

std::string renderStorage(const StorageView& storage, const Style& style) {
  if (!storage.isShared()) {
    return "The registry is embedded: the leader's card has it, and every other node a copy.\n";
  }
  auto text = "The registry is kept in " + storage.kind + ": " + countText(storage) +
              (storage.majority ? "" : ", which is no majority: nobody leads") + ".\n";
  std::vector<Row> rows = {{{"MEMBER", Tone::Quiet},
                            {"ADDRESS", Tone::Quiet},
                            {"STATE", Tone::Quiet},
                            {"CHANGE", Tone::Quiet}}};
  for (const auto& one : storage.members) rows.push_back(rowOf(one));
  return text + renderTable(rows, style);
}

std::string renderRecovery(const StorageView& storage) {
  return "The registry is kept in " + storage.kind + ", and " + countText(storage) +
         ".\nIf the others come back, this node goes on by itself: then do nothing.\n"
         "Recovery is for members that are lost for good. This node goes on from its own copy, "
         "and\n"
         "what the others had beyond it is lost: " +
         storage.loss + ".\nMembers that come back later join, and take over what this node has.\n";
}

}  // namespace cluster_lab::cli
