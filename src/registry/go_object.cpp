#include "registry/go_object.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.hpp"

namespace cluster_lab::registry {

using nlohmann::json;

struct GoObject::Document {
  json root;
  std::string error;
};

namespace {

/// Go's name of a JSON value's kind.
const char* kindOf(const json& value) {
  if (value.is_number()) return "number";
  if (value.is_boolean()) return "bool";
  return value.type_name();
}

std::unexpected<Error> decodeFailed(const std::string& why) {
  return fail(ErrorCode::InvalidArgument, "Request decode failed: " + why);
}

/// What Go says of a text that is no JSON.
std::string syntaxError(std::string_view body) {
  if (trim(body).empty()) return "EOF";
  try {
    [[maybe_unused]] const auto parsed = json::parse(body);
  } catch (const json::parse_error& error) {
    if (error.byte > body.size()) return "unexpected EOF";
    return std::string("invalid character '") + body[error.byte > 0 ? error.byte - 1 : 0] +
           "' at byte " + std::to_string(error.byte);
  } catch (const json::exception&) {
    return "a number is out of range";
  }
  return "no JSON";
}

}  // namespace

GoObject::GoObject(std::shared_ptr<Document> document, const json* value)
    : document_(std::move(document)), value_(value) {}

Result<GoObject> GoObject::parse(std::string_view body) {
  auto document = std::make_shared<Document>();
  document->root = json::parse(body, nullptr, false);
  if (document->root.is_discarded()) return decodeFailed(syntaxError(body));
  if (!document->root.is_object()) {
    return decodeFailed(std::string("json: cannot unmarshal ") + kindOf(document->root) +
                        " into Go value of an object's type");
  }
  const auto* root = &document->root;
  return GoObject(std::move(document), root);
}

Result<std::vector<GoObject>> GoObject::parseArray(std::string_view body) {
  auto document = std::make_shared<Document>();
  document->root = json::parse(body, nullptr, false);
  if (document->root.is_discarded()) return decodeFailed(syntaxError(body));
  if (!document->root.is_array()) {
    return decodeFailed(std::string("json: cannot unmarshal ") + kindOf(document->root) +
                        " into Go value of an array's type");
  }
  std::vector<GoObject> objects;
  for (const auto& item : document->root) {
    if (!item.is_object()) return decodeFailed("expected an array of objects");
    objects.push_back(GoObject(document, &item));
  }
  return objects;
}

const json* GoObject::find(std::string_view name) const {
  auto member = value_->find(name);
  if (member == value_->end()) {
    const auto wanted = toLower(name);
    for (member = value_->begin(); member != value_->end(); ++member) {
      if (toLower(member.key()) == wanted) break;
    }
  }
  return member == value_->end() || member->is_null() ? nullptr : &*member;
}

void GoObject::refuseType(const json& found, std::string_view name, const char* expected) const {
  refuse(std::string("json: cannot unmarshal ") + kindOf(found) + " into Go struct field ." +
         std::string(name) + " of type " + expected);
}

bool GoObject::has(std::string_view name) const {
  return find(name) != nullptr;
}

std::vector<std::string> GoObject::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : value_->items()) names.push_back(name);
  return names;
}

bool GoObject::isText(std::string_view name) const {
  const auto* member = find(name);
  return member != nullptr && member->is_string();
}

std::string GoObject::text(std::string_view name) const {
  const auto* member = find(name);
  if (member == nullptr) return {};
  if (member->is_string()) return member->get<std::string>();
  refuseType(*member, name, "string");
  return {};
}

std::int64_t GoObject::number(std::string_view name) const {
  const auto* member = find(name);
  if (member == nullptr) return 0;
  if (member->is_number_integer()) return member->get<std::int64_t>();
  refuseType(*member, name, "int");
  return 0;
}

std::uint64_t GoObject::unsignedNumber(std::string_view name) const {
  const auto* member = find(name);
  if (member == nullptr) return 0;
  if (member->is_number_unsigned()) return member->get<std::uint64_t>();
  refuseType(*member, name, "uint64");
  return 0;
}

bool GoObject::boolean(std::string_view name) const {
  const auto* member = find(name);
  if (member == nullptr) return false;
  if (member->is_boolean()) return member->get<bool>();
  refuseType(*member, name, "bool");
  return false;
}

std::vector<std::string> GoObject::texts(std::string_view name) const {
  std::vector<std::string> values;
  const auto* member = find(name);
  if (member == nullptr) return values;
  if (!member->is_array()) refuseType(*member, name, "[]string");
  for (const auto& item : *member) {
    if (item.is_string()) {
      values.push_back(item.get<std::string>());
    } else {
      refuseType(item, name, "string");
    }
  }
  return values;
}

std::map<std::string, std::string> GoObject::textMap(std::string_view name) const {
  std::map<std::string, std::string> values;
  const auto* member = find(name);
  if (member == nullptr) return values;
  if (!member->is_object()) {
    refuseType(*member, name, "map[string]string");
    return values;
  }
  for (const auto& [key, value] : member->items()) {
    if (value.is_string()) {
      values[key] = value.get<std::string>();
    } else if (!value.is_null()) {
      refuseType(value, name, "string");
    }
  }
  return values;
}

std::optional<GoObject> GoObject::object(std::string_view name) const {
  const auto* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_object()) return GoObject(document_, member);
  refuseType(*member, name, "object");
  return std::nullopt;
}

std::vector<GoObject> GoObject::objects(std::string_view name) const {
  std::vector<GoObject> values;
  const auto* member = find(name);
  if (member == nullptr) return values;
  if (!member->is_array()) {
    refuseType(*member, name, "array");
    return values;
  }
  for (const auto& item : *member) {
    if (item.is_object()) {
      values.push_back(GoObject(document_, &item));
    } else if (!item.is_null()) {
      refuseType(item, name, "object");
    }
  }
  return values;
}

std::map<std::string, GoObject> GoObject::objectMap(std::string_view name) const {
  std::map<std::string, GoObject> values;
  const auto whole = object(name);
  if (!whole) return values;
  for (const auto& [key, value] : whole->value_->items()) {
    if (value.is_object()) {
      values.emplace(key, GoObject(document_, &value));
    } else if (!value.is_null()) {
      refuseType(value, name, "object");
    }
  }
  return values;
}

std::string GoObject::jsonOf(std::string_view name) const {
  const auto* member = find(name);
  return member == nullptr ? "" : member->dump(-1, ' ', false, json::error_handler_t::replace);
}

void GoObject::allowOnly(std::initializer_list<std::string_view> names) const {
  for (const auto& [key, value] : value_->items()) {
    const auto isThat = [&](std::string_view name) { return toLower(name) == toLower(key); };
    if (std::ranges::none_of(names, isThat)) refuse("json: unknown field \"" + key + "\"");
  }
}

void GoObject::refuse(const std::string& message) const {
  if (document_->error.empty()) document_->error = message;
}

Result<void> GoObject::finish() const {
  if (document_->error.empty()) return {};
  return decodeFailed(document_->error);
}

}  // namespace cluster_lab::registry
