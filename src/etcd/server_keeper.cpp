#include "etcd/server_keeper.hpp"

#include <algorithm>
#include <utility>

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
  if (!founding_) look();
}

Result<void> ServerKeeper::found() {
  if (settings_.address.isNone()) {
    return fail(ErrorCode::Unavailable, "this node has no address on the cluster link yet");
  }
  founding_ = true;
  removed_ = false;
  if (auto removed = server().removeData(); !removed) return removed;
  told_ = {{settings_.node, settings_.address}};
  return server().start(Beginning::New, told_);
}

void ServerKeeper::settle() {
  founding_ = false;
  look();
}

void ServerKeeper::look() {
  timer_.set(loop_.now() + kLook);
  if (founding_) return;
  const auto [storage, sure] = agreement_();
  const bool listed = storage && isListed(*storage, settings_.node);
  removed_ = removed_ && listed;
  switch (dutyOf({.listed = listed,
                  .refused = storage && sure && !listed,
                  .addressed = !settings_.address.isNone(),
                  .hasData = server().hasData(),
                  .removed = removed_})) {
    case Duty::Serve:
      return serve(peersOf(*storage));
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
