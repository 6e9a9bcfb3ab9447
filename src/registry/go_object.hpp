#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// Reads a request's JSON object as Go's encoding/json does, since that is what Consul's clients
/// are made for: member names in any case, a member that is missing or null is empty, unknown ones
/// are ignored. The first member of a wrong type is kept as the error of the whole request;
/// reading goes on with empty values, and is asked once at the end.
class GoObject {
 public:
  /// InvalidArgument: no JSON object, in Go's words.
  [[nodiscard]] static Result<GoObject> parse(std::string_view body);
  /// An array of objects, one for each; errors are finish()ed on any of them.
  [[nodiscard]] static Result<std::vector<GoObject>> parseArray(std::string_view body);

  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  /// Not negative, up to 64 bits.
  [[nodiscard]] std::uint64_t unsignedNumber(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
  [[nodiscard]] std::map<std::string, std::string> textMap(std::string_view name) const;
  /// nullopt: missing, or null.
  [[nodiscard]] std::optional<GoObject> object(std::string_view name) const;
  [[nodiscard]] std::vector<GoObject> objects(std::string_view name) const;
  /// The objects that are the members of an object.
  [[nodiscard]] std::map<std::string, GoObject> objectMap(std::string_view name) const;
  /// The member as JSON text; empty: missing, or null.
  [[nodiscard]] std::string jsonOf(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// Of its members, as the client wrote them.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] bool isText(std::string_view name) const;

  /// A member of another name is an error.
  void allowOnly(std::initializer_list<std::string_view> names) const;
  /// Keeps an error unless there is one.
  void refuse(const std::string& message) const;
  /// Success, or the first error of this object and all that were got from it.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct Document;
  GoObject(std::shared_ptr<Document> document, const nlohmann::json* value);
  /// The member if it is there and not null.
  [[nodiscard]] const nlohmann::json* find(std::string_view name) const;
  void refuseType(const nlohmann::json& found, std::string_view name, const char* expected) const;

  std::shared_ptr<Document> document_;  ///< shared with the objects got from this one
  const nlohmann::json* value_;         ///< in the document
};

}  // namespace cluster_lab::registry
