#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <string>

#include "http/message.hpp"
#include "registry/api_query.hpp"
#include "registry/filter.hpp"
#include "registry/json_writer.hpp"

namespace cluster_lab::registry {

/// What ?filter lets through of an answer's elements.
class ElementFilter {
 public:
  explicit ElementFilter(const http::Request& request);

  /// Whether the element that `write(JsonWriter&)` writes belongs into the answer.
  [[nodiscard]] bool fits(const std::function<void(JsonWriter&)>& write);
  /// The answer as it is, or Consul's refusal of the filter in its place.
  [[nodiscard]] http::Response orRefusal(http::Response answer) const;

 private:
  std::optional<Filter> filter_;
  std::string error_;
};

/// The JSON array that a list endpoint answers, less what ?filter keeps out; ?pretty as asked.
class ListAnswer {
 public:
  explicit ListAnswer(const http::Request& request);

  /// Adds the element that `write(JsonWriter&)` writes.
  template <std::invocable<JsonWriter&> Write>
  void add(Write write) {
    if (filter_.fits(write)) write(json_);
  }
  /// The answer, or Consul's refusal of the filter.
  [[nodiscard]] http::Response finish();

 private:
  JsonWriter json_;
  ElementFilter filter_;
};

/// The pairs of ?node-meta=key:value, all of which a node must have.
class MetaFilter {
 public:
  explicit MetaFilter(const http::Request& request);
  [[nodiscard]] bool fits(const NodeRegistration& node) const;
  [[nodiscard]] bool isEmpty() const { return wanted_.empty(); }

 private:
  std::vector<std::pair<std::string, std::string>> wanted_;
};

/// The tags of ?tag, each of which an instance must have.
[[nodiscard]] std::vector<std::string> tagsOf(const http::Request& request);
/// Consul compares tags in any case.
[[nodiscard]] bool hasTags(const Service& service, const std::vector<std::string>& tags);

}  // namespace cluster_lab::registry
