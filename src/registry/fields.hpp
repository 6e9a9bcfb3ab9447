#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/mac_address.hpp"
#include "base/node_id.hpp"

namespace cluster_lab::registry {

/// Reads the members of a JSON object. The first one that is missing or wrong is kept as the error;
/// reading goes on with empty values, so that a row is read in one expression and asked once at the
/// end.
class Fields {
 public:
  explicit Fields(std::string_view json);
  ~Fields();
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  [[nodiscard]] std::string text(std::string_view name);
  /// Empty where the member is missing.
  [[nodiscard]] std::string textOrEmpty(std::string_view name);
  [[nodiscard]] std::uint64_t number(std::string_view name);
  [[nodiscard]] std::uint64_t numberOrZero(std::string_view name);
  [[nodiscard]] unsigned count(std::string_view name);
  [[nodiscard]] std::map<std::string, std::string> texts(std::string_view name);
  /// An array of texts; empty where the member is missing.
  [[nodiscard]] std::vector<std::string> textsInOrder(std::string_view name);
  [[nodiscard]] std::map<std::string, std::uint64_t> numbers(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const;
  /// True or false; false where the member is missing.
  [[nodiscard]] bool flag(std::string_view name);
  /// Not the id of nobody.
  [[nodiscard]] NodeId nodeId(std::string_view name);
  /// An empty text is "none".
  [[nodiscard]] Ipv4 address(std::string_view name);
  [[nodiscard]] MacAddress mac(std::string_view name);

  /// Hands the object in that member to `read`; its error becomes this one's.
  void within(std::string_view name, const std::function<void(Fields&)>& read);
  /// The same for each object of an array.
  void each(std::string_view name, const std::function<void(Fields&)>& read);

  /// The same for each object that is a member of an object.
  void eachMember(std::string_view name,
                  const std::function<void(const std::string& key, Fields&)>& read);

  /// Keeps the error unless there is one.
  void refuse(std::string_view name, const std::string& expected);
  /// Takes the value out, or keeps its error and gives an empty one.
  template <typename T>
  T valueOr(std::string_view name, Result<T> result) {
    if (result) return *std::move(result);
    refuse(name, result.error().message);
    return T{};
  }
  /// The row, or the first error, preceded by what was read.
  template <typename Row>
  [[nodiscard]] Result<Row> finish(const char* what, Row row) const {
    if (!error_.empty()) return fail(ErrorCode::InvalidArgument, std::string(what) + ": " + error_);
    return row;
  }

 private:
  struct Object;  // hides nlohmann::json
  explicit Fields(std::unique_ptr<Object> object);
  void readPart(std::string_view name, std::unique_ptr<Object> part,
                const std::function<void(Fields&)>& read);

  std::unique_ptr<Object> object_;
  std::string error_;
};

}  // namespace cluster_lab::registry
