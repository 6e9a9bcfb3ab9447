#include "etcd/server_keeper.hpp"

#include <algorithm>
#include <utility>

#include "etcd/member_data.hpp"
#include "os/log.hpp"

namespace cluster_lab::etcd {
namespace {

constexpr std::chrono::milliseconds kLook{500};

bool isListed(const registry::Storage& storage, const NodeId& node) {
  return storage.kind == kStorageKind &&
         std::ranges::find(storage.members, node, &registry::Storage::Member::node) !=
             storage.members.end();
}

}  // namespace

ServerKeeper::ServerKeeper(os::EventLoop& loop, ServerSettings settings,
                           std::function<Agreement()> agreement, Events events)
    : loop_(loop),
      settings_(std::move(settings)),
      agreement_(std::move(agreement)),
      events_(std::move(events)),
      timer_(loop, [this] { look(); }) {
  timer_.set(loop_.now());
}

/// A server listens on the address that it was made with.
void ServerKeeper::setAddress(Ipv4 address) {
  if (address == settings_.address) return;
  settings_.address = address;
  server_.reset();
  told_.clear();
  if (!held_) look();
}

Result<void> ServerKeeper::found() {
  if (settings_.address.isNone()) {
    return fail(ErrorCode::Unavailable, "this node has no address on the cluster link yet");
  }
  held_ = true;
  removed_ = false;
  if (auto removed = server().removeData(); !removed) return removed;
  if (auto begun = beginFounding(settings_.directory); !begun) return begun;
  told_ = {{settings_.node, settings_.address}};
  return server().start(Beginning::New, told_);
}

Result<ServerSettings> ServerKeeper::yield() {
  if (!hasSettledData(settings_.directory)) {
    return fail(ErrorCode::Conflict, "this node has no part of the registry in etcd");
  }
  if (settings_.address.isNone()) {
    return fail(ErrorCode::Conflict, "this node has no address on the cluster link yet");
  }
  held_ = true;
  server().stop();
  told_.clear();
  return settings_;
}

void ServerKeeper::settle() {
  held_ = false;
  const auto storage = agreement_().storage;
  if (storage && isListed(*storage, settings_.node)) endFounding(settings_.directory);
  look();
}

void ServerKeeper::look() {
  timer_.set(loop_.now() + kLook);
  if (held_) return;
  const auto [storage, sure] = agreement_();
  const bool listed = storage && isListed(*storage, settings_.node);
  removed_ = removed_ && listed;
  switch (dutyOf({.unknown = !storage,
                  .listed = listed,
                  .refused = storage && sure && !listed,
                  .addressed = !settings_.address.isNone(),
                  .hasData = hasSettledData(settings_.directory),
                  .removed = removed_})) {
    case Duty::Serve:
      return serve(storage ? peersOf(*storage)
                           : std::vector{Peer{settings_.node, settings_.address}});
    case Duty::Forget:
      return forget();
    case Duty::Rest:
      server().stop();
      told_.clear();
      return;
  }
}

/// One that has joined knows its peers by itself; before, it must be told them as they are.
void ServerKeeper::serve(const std::vector<Peer>& peers) {
  const bool joins = !server().hasData();
  if (!told_.empty() && !(joins && told_ != peers)) {
    if (running()) events_.solved();
    return;
  }
  told_ = peers;
  endFounding(settings_.directory);  // a power cut came before settle()
  if (auto started = server().start(Beginning::Existing, peers); !started) {
    events_.failed(started.error());
  }
}

void ServerKeeper::forget() {
  if (!server().hasData() && told_.empty()) return;
  os::log::info("this node is no member of etcd any more: its data goes");
  told_.clear();
  if (auto removed = server().removeData(); !removed) return events_.failed(removed.error());
  events_.solved();
}

Server& ServerKeeper::server() {
  if (!server_) {
    server_ = std::make_unique<Server>(
        loop_, settings_,
        Server::Events{.failed = [this](const Error& error) { events_.failed(error); },
                       .removed = [this] { removed_ = true; }});
  }
  return *server_;
}

}  // namespace cluster_lab::etcd
