#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cluster_lab::registry {

/// Writes JSON text as Go's encoding/json does, since old scripts grep Consul's answers: members in
/// the order given, `<`, `>` and `&` escaped, invalid UTF-8 replaced by U+FFFD; compact, or wide
/// with four blanks and a line end after the last bracket (`?pretty`).
class JsonWriter {
 public:
  explicit JsonWriter(bool pretty = false) : pretty_(pretty) {}

  JsonWriter& beginObject() { return begin('{'); }
  JsonWriter& endObject() { return end('}'); }
  JsonWriter& beginArray() { return begin('['); }
  JsonWriter& endArray() { return end(']'); }
  /// The name of the member that follows.
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& number(std::uint64_t value);
  JsonWriter& boolean(bool value) { return literal(value ? "true" : "false"); }
  JsonWriter& null() { return literal("null"); }

  /// key() and string() in one.
  JsonWriter& member(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  JsonWriter& member(std::string_view name, std::uint64_t value) { return key(name).number(value); }

  /// The whole text; the writer is empty afterwards.
  [[nodiscard]] std::string finish();

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  JsonWriter& literal(std::string_view text);
  void beforeValue();
  void newLine();
  void quote(std::string_view value);

  bool pretty_;
  bool afterKey_ = false;
  std::vector<bool> filled_;  ///< per open bracket: it has a member already
  std::string text_;
};

}  // namespace cluster_lab::registry
