#include "daemon/node_address.hpp"

#include <utility>

#include "os/log.hpp"

namespace cluster_lab::daemon {

NodeAddress::NodeAddress(os::Netlink& netlink, NodeIdentity& identity, int prefixLength,
                         std::function<void(Ipv4)> changed)
    : netlink_(netlink),
      identity_(identity),
      prefixLength_(prefixLength),
      changed_(std::move(changed)) {}

void NodeAddress::linkUp(int linkIndex) {
  if (linkIndex_ == linkIndex) return;
  linkIndex_ = linkIndex;
  become(Ipv4{});
}

void NodeAddress::linkDown() {
  linkIndex_.reset();
  become(Ipv4{});
}

Result<void> NodeAddress::set(Ipv4 address) {
  if (!linkIndex_) return fail(ErrorCode::Unavailable, "the cluster link is down");
  if (auto done = netlink_.setAddress(*linkIndex_, address, prefixLength_, std::nullopt); !done) {
    return fail(done.error().during("set the node address " + address.toString()));
  }
  takeOff(current_ == address ? Ipv4{} : current_);
  become(address);
  if (auto kept = identity_.rememberAddress(address); !kept) {
    os::log::warning(kept.error().during("remember the node address").text());
  }
  return {};
}

void NodeAddress::remove() {
  takeOff(current_);
  become(Ipv4{});
}

void NodeAddress::kernelRemoved(int linkIndex, Ipv4 address) {
  if (linkIndex != linkIndex_ || address != current_ || address.isNone()) return;
  os::log::info("the node address " + address.toString() +
                " was taken off the link: setting it again");
  if (auto done = set(address); !done) {
    os::log::warning(done.error().text());
    become(Ipv4{});
  }
}

void NodeAddress::takeOff(Ipv4 address) {
  if (!linkIndex_ || address.isNone()) return;
  if (auto done = netlink_.removeAddress(*linkIndex_, address, prefixLength_); !done) {
    os::log::warning(done.error().during("remove the node address").text());
  }
}

Ipv4 NodeAddress::wish() const {
  return current_.isNone() ? identity_.lastAddress() : current_;
}

void NodeAddress::become(Ipv4 address) {
  if (current_ == address) return;
  current_ = address;
  changed_(address);
}

}  // namespace cluster_lab::daemon
