#include "registry/fields.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace cluster_lab::registry {

using nlohmann::json;

namespace {

/// The members of the object as Value, which all of them must be.
template <typename Value, typename Parsed = Value>
bool collect(const json::object_t* object, std::map<std::string, Value>& values) {
  if (object == nullptr) return false;
  for (const auto& member : *object) {
    const json& any = member.second;
    const auto* value = any.get_ptr<const Parsed*>();
    if (value == nullptr) return false;
    values.emplace(member.first, *value);
  }
  return true;
}

}  // namespace

struct Fields::Object {
  explicit Object(json parsed) : own(std::move(parsed)), members(&own) {}
  explicit Object(const json* part) : members(part) {}

  json own;  ///< what was parsed; null in a part of it
  const json* members;

  /// The member if it is there and of that type.
  template <typename T>
  const T* find(std::string_view name) const {
    const auto member = members->find(name);
    return member == members->end() ? nullptr : member->get_ptr<const T*>();
  }
};

Fields::Fields(std::unique_ptr<Object> object) : object_(std::move(object)) {
  if (object_->members->is_object()) return;
  error_ = "expected a JSON object";
  object_->own = json::object();
  object_->members = &object_->own;
}

Fields::Fields(std::string_view text)
    : Fields(std::make_unique<Object>(json::parse(text, nullptr, false))) {}

Fields::~Fields() = default;

bool Fields::has(std::string_view name) const {
  return object_->members->contains(name);
}

bool Fields::flag(std::string_view name) {
  if (!has(name)) return false;
  if (const auto* value = object_->find<json::boolean_t>(name)) return *value;
  refuse(name, "expected true or false");
  return false;
}

std::string Fields::text(std::string_view name) {
  if (const auto* value = object_->find<json::string_t>(name)) return *value;
  refuse(name, "expected a text");
  return {};
}

std::string Fields::textOrEmpty(std::string_view name) {
  return has(name) ? text(name) : std::string();
}

std::uint64_t Fields::number(std::string_view name) {
  if (const auto* value = object_->find<json::number_unsigned_t>(name)) return *value;
  refuse(name, "expected a number, not negative");
  return 0;
}

std::uint64_t Fields::numberOrZero(std::string_view name) {
  return has(name) ? number(name) : 0;
}

unsigned Fields::count(std::string_view name) {
  const auto value = number(name);
  if (value <= std::numeric_limits<unsigned>::max()) return static_cast<unsigned>(value);
  refuse(name, "expected a smaller number");
  return 0;
}

std::map<std::string, std::string> Fields::texts(std::string_view name) {
  std::map<std::string, std::string> values;
  if (!collect(object_->find<json::object_t>(name), values)) {
    refuse(name, "expected an object of texts");
  }
  return values;
}

std::vector<std::string> Fields::textsInOrder(std::string_view name) {
  if (!has(name)) return {};
  const auto* array = object_->find<json::array_t>(name);
  std::vector<std::string> values;
  if (array != nullptr) {
    for (const auto& item : *array) {
      if (const auto* text = item.get_ptr<const json::string_t*>()) values.push_back(*text);
    }
  }
  if (array == nullptr || values.size() != array->size())
    refuse(name, "expected an array of texts");
  return values;
}

std::map<std::string, std::uint64_t> Fields::numbers(std::string_view name) {
  std::map<std::string, std::uint64_t> values;
  if (!collect<std::uint64_t, json::number_unsigned_t>(object_->find<json::object_t>(name),
                                                       values)) {
    refuse(name, "expected an object of numbers");
  }
  return values;
}

NodeId Fields::nodeId(std::string_view name) {
  const auto id = valueOr(name, NodeId::parse(text(name)));
  if (id.isNobody()) refuse(name, "expected a node id that is not all zero");
  return id;
}

Ipv4 Fields::address(std::string_view name) {
  const auto value = text(name);
  return value.empty() ? Ipv4{} : valueOr(name, Ipv4::parse(value));
}

MacAddress Fields::mac(std::string_view name) {
  return valueOr(name, MacAddress::parse(text(name)));
}

void Fields::within(std::string_view name, const std::function<void(Fields&)>& read) {
  const auto member = object_->members->find(name);
  if (member == object_->members->end()) return refuse(name, "expected an object");
  readPart(name, std::make_unique<Object>(&*member), read);
}

void Fields::each(std::string_view name, const std::function<void(Fields&)>& read) {
  const auto* array = object_->find<json::array_t>(name);
  if (array == nullptr) return refuse(name, "expected an array");
  for (const auto& item : *array) readPart(name, std::make_unique<Object>(&item), read);
}

void Fields::eachMember(std::string_view name,
                        const std::function<void(const std::string& key, Fields&)>& read) {
  const auto* members = object_->find<json::object_t>(name);
  if (members == nullptr) return refuse(name, "expected an object");
  for (const auto& member : *members) {
    readPart(member.first, std::make_unique<Object>(&member.second),
             [&](Fields& part) { read(member.first, part); });
  }
}

void Fields::readPart(std::string_view name, std::unique_ptr<Object> part,
                      const std::function<void(Fields&)>& read) {
  Fields fields(std::move(part));
  read(fields);
  if (!fields.error_.empty()) refuse(name, fields.error_);
}

void Fields::refuse(std::string_view name, const std::string& expected) {
  if (error_.empty()) error_ = std::string(name) + ": " + expected;
}

}  // namespace cluster_lab::registry
