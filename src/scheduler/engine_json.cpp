#include "scheduler/engine_json.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "base/text.hpp"

namespace cluster_lab::scheduler {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxText = 255;
constexpr std::size_t kMaxLabels = 64;

bool isPrintable(std::string_view text) {
  return text.find_first_of(std::string_view("\0\t\n\r\x1b\x7f", 6)) == std::string_view::npos;
}

/// Reads member by member and remembers the first that is wrong.
class MemberReader {
 public:
  explicit MemberReader(const Json& object) : object_(object) {}

  void require(const char* name) {
    if (!object_.contains(name)) blame(name, "is missing");
  }
  void read(const char* name, std::string& into) {
    if (const auto* value = find(name)) readText(name, *value, into);
  }
  template <typename Number>
  void readNumber(const char* name, Number& into) {
    const auto* value = find(name);
    if (value == nullptr) return;
    if (!value->is_number_unsigned() ||
        value->template get<std::uint64_t>() > std::numeric_limits<Number>::max()) {
      blame(name, "is not a whole number from 0 to " +
                      std::to_string(std::numeric_limits<Number>::max()));
      return;
    }
    into = value->template get<Number>();
  }
  void read(const char* name, std::map<std::string, std::string>& into) {
    const auto* value = find(name);
    if (value == nullptr) return;
    if (!value->is_object() || value->size() > kMaxLabels) {
      blame(name, "is not an object of at most " + std::to_string(kMaxLabels) + " texts");
      return;
    }
    for (const auto& [key, text] : value->items()) {
      if (key.empty() || key.size() > kMaxText || !isPrintable(key)) {
        blame(name, "has a key that is empty, too long or not printable");
      }
      readText(name, text, into[key]);
    }
  }
  /// Reads a text and hands it to `parse`.
  template <typename Value>
  void parse(const char* name, Value& into) {
    std::string text;
    read(name, text);
    if (error_) return;
    if (auto value = Value::parse(text)) {
      into = *value;
    } else {
      blame(name, value.error().message);
    }
  }
  void blame(const char* name, const std::string& what) {
    if (!error_) {
      error_ = Error{ErrorCode::InvalidArgument, std::string("member ") + name + ": " + what, {}};
    }
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  [[nodiscard]] const Json* find(const char* name) const {
    const auto at = object_.find(name);
    return at == object_.end() ? nullptr : &*at;
  }
  void readText(const char* name, const Json& value, std::string& into) {
    if (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxText ||
        !isPrintable(value.get_ref<const std::string&>())) {
      blame(name, "is not a printable text of at most " + std::to_string(kMaxText) + " bytes");
      return;
    }
    into = value.get<std::string>();
  }

  const Json& object_;
  std::optional<Error> error_;
};

void readIdentity(MemberReader& reader, registry::Engine& engine) {
  for (const auto* name : {"ID", "Name", "Address"}) reader.require(name);
  reader.parse("ID", engine.node);
  reader.read("Name", engine.nodeName);
  reader.parse("Address", engine.address);
  if (engine.node.isNobody()) reader.blame("ID", "is nobody's");
  if (!isHostLabel(engine.nodeName)) {
    reader.blame("Name", "'" + engine.nodeName + "' is not a host name");
  }
}

void readFacts(MemberReader& reader, registry::Engine& engine) {
  reader.read("Labels", engine.labels);
  reader.read("EngineVersion", engine.version);
  reader.read("OperatingSystem", engine.operatingSystem);
  reader.read("KernelVersion", engine.kernel);
  reader.read("Architecture", engine.architecture);
  reader.readNumber("CPUs", engine.processors);
  reader.readNumber("Memory", engine.memoryBytes);
  reader.readNumber("Containers", engine.containers);
  reader.readNumber("ContainersRunning", engine.containersRunning);
  reader.readNumber("ContainersPaused", engine.containersPaused);
  reader.readNumber("ContainersStopped", engine.containersStopped);
  reader.readNumber("Images", engine.images);
}

}  // namespace

Result<registry::Engine> parseEngine(std::string_view json) {
  const auto object = Json::parse(json, nullptr, false);
  if (!object.is_object()) {
    return fail(ErrorCode::InvalidArgument, "the body is not a JSON object");
  }
  registry::Engine engine;
  MemberReader reader(object);
  readIdentity(reader, engine);
  readFacts(reader, engine);
  if (reader.error()) return fail(*reader.error());
  return engine;
}

std::string renderEngine(const registry::Engine& engine) {
  const Json object = {{"ID", engine.node.toString()},
                       {"Name", engine.nodeName},
                       {"Address", engine.address.toString()},
                       {"Labels", engine.labels},
                       {"EngineVersion", engine.version},
                       {"OperatingSystem", engine.operatingSystem},
                       {"KernelVersion", engine.kernel},
                       {"Architecture", engine.architecture},
                       {"CPUs", engine.processors},
                       {"Memory", engine.memoryBytes},
                       {"Containers", engine.containers},
                       {"ContainersRunning", engine.containersRunning},
                       {"ContainersPaused", engine.containersPaused},
                       {"ContainersStopped", engine.containersStopped},
                       {"Images", engine.images}};
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cluster_lab::scheduler
