#include "registry/filter.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "registry/filter_parser.hpp"

namespace cluster_lab::registry {

using nlohmann::json;

namespace {

/// What Consul's text begins with, whatever is wrong with an expression.
constexpr std::string_view kRefusal = "Failed to create boolean expression evaluator: ";

using Path = std::vector<std::string>;

std::unexpected<Error> invalidSelector(const Path& path) {
  std::string name;
  for (const auto& part : path) name += (name.empty() ? "" : ".") + part;
  return fail(ErrorCode::InvalidArgument,
              std::string(kRefusal) + "Selector \"" + name + "\" is not valid");
}

std::string textOf(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool isEmpty(const json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_null() || (value.is_structured() && value.empty());
}

bool isNumber(const std::string& text) {
  using Limits = std::numeric_limits<std::int64_t>;
  return parseInteger(text, Limits::min(), Limits::max()).has_value();
}

/// An array has the value, a map has the key, a text has the part.
bool holds(const json& container, const std::string& value) {
  if (container.is_object()) return container.contains(value);
  if (container.is_array()) {
    return std::ranges::any_of(container, [&](const json& item) { return textOf(item) == value; });
  }
  return container.is_string() && textOf(container).find(value) != std::string::npos;
}

Result<bool> equals(const json& found, const FilterComparison& comparison) {
  const auto& value = comparison.value;
  if (found.is_number() && !isNumber(value)) {
    return fail(ErrorCode::InvalidArgument,
                std::string(kRefusal) + "Failed to coerce value \"" + value + "\" for selector \"" +
                    comparison.selector.back() + "\": expected a number");
  }
  return textOf(found) == value;
}

Result<bool> compare(const json& found, const FilterComparison& comparison) {
  switch (comparison.operation) {
    case FilterOperator::Equal:
      return equals(found, comparison);
    case FilterOperator::Contains:
      return holds(found, comparison.value);
    case FilterOperator::Empty:
      return isEmpty(found);
  }
  return false;
}

/// Compares what the rest of the path leads to; in an array of objects any of them will do.
Result<bool> follow(const json& at, const FilterComparison& comparison, std::size_t depth) {
  if (depth == comparison.selector.size()) return compare(at, comparison);
  if (at.is_array()) {
    for (const auto& item : at) {
      auto fits = follow(item, comparison, depth);
      if (!fits || *fits) return fits;
    }
    return false;
  }
  const auto member = at.is_object() ? at.find(comparison.selector[depth]) : at.end();
  if (member != at.end()) return follow(*member, comparison, depth + 1);
  if (depth == 0) return invalidSelector(comparison.selector);
  return compare(json(), comparison);
}

Result<bool> evaluate(const Filter::Node& node, const json& element) {
  if (const auto* comparison = std::get_if<FilterComparison>(&node.part)) {
    auto fits = follow(element, *comparison, 0);
    if (!fits) return fits;
    return *fits != comparison->negated;
  }
  const auto& group = std::get<FilterGroup>(node.part);
  if (group.kind == FilterGroup::Kind::Not) {
    auto inner = evaluate(*group.parts.front(), element);
    if (!inner) return inner;
    return !*inner;
  }
  const bool decisive = group.kind == FilterGroup::Kind::Or;
  for (const auto& part : group.parts) {
    auto inner = evaluate(*part, element);
    if (!inner || *inner == decisive) return inner;
  }
  return !decisive;
}

}  // namespace

Filter::Filter(std::unique_ptr<Node> root) : root_(std::move(root)) {}
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

Result<Filter> Filter::parse(std::string_view expression) {
  auto root = parseFilter(expression);
  if (!root) return fail(root.error());
  return Filter(*std::move(root));
}

Result<bool> Filter::matches(std::string_view element) const {
  return evaluate(*root_, json::parse(element, nullptr, false));
}

}  // namespace cluster_lab::registry
