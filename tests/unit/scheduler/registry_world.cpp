#include "registry_world.hpp"

namespace cluster_lab::scheduler {
namespace {

std::unexpected<Error> notLeading() {
  return fail(ErrorCode::Unavailable, "this node does not lead");
}

}  // namespace

Ipv4Network testNetwork() {
  return *Ipv4Network::parse("192.168.200.0/24");
}

NodeId nodeId(unsigned number) {
  NodeId id;
  id.bytes[15] = static_cast<std::uint8_t>(number);
  return id;
}

registry::Node nodeNumber(unsigned number, Role role) {
  registry::Node node;
  node.registration.id = nodeId(number);
  node.registration.name = "pi-" + std::to_string(number);
  node.registration.address = Ipv4(testNetwork().address().hostOrder() + 100 + number);
  node.registration.role = role;
  return node;
}

registry::Engine engineNumber(unsigned number) {
  const auto node = nodeNumber(number).registration;
  registry::Engine engine;
  engine.node = node.id;
  engine.nodeName = node.name;
  engine.address = node.address;
  engine.version = "20.10.24";
  engine.operatingSystem = "Debian GNU/Linux 12";
  engine.kernel = "6.1.0-rpi7";
  engine.architecture = "armv7l";
  engine.processors = 4;
  engine.memoryBytes = std::uint64_t{1} << 30U;
  engine.containers = number;
  engine.containersRunning = 1;
  engine.containersStopped = number - 1;
  engine.images = 2;
  return engine;
}

Result<std::string> RegistryWorld::registerNode(const registry::NodeRegistration& node) {
  return node.name;
}

Result<void> RegistryWorld::putEngine(const registry::Engine& engine) {
  if (!leads_) return notLeading();
  const std::scoped_lock lock(mutex_);
  std::erase_if(engines_, [&](const auto& known) { return known.node == engine.node; });
  engines_.push_back(engine);
  return {};
}

Result<void> RegistryWorld::removeEngine(const NodeId& node) {
  if (!leads_) return notLeading();
  const std::scoped_lock lock(mutex_);
  std::erase_if(engines_, [&](const auto& known) { return known.node == node; });
  return {};
}

std::vector<registry::Engine> RegistryWorld::engines() const {
  const std::scoped_lock lock(mutex_);
  return engines_;
}

}  // namespace cluster_lab::scheduler
