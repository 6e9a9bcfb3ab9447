#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "registry/filter.hpp"

namespace cluster_lab::registry {

enum class FilterOperator : std::uint8_t { Equal, Contains, Empty };

/// `selector operation value`; "!=", "not in", "is not empty" are the same, negated.
struct FilterComparison {
  std::vector<std::string> selector;  ///< names from the outside in; never empty
  FilterOperator operation = FilterOperator::Equal;
  std::string value;
  bool negated = false;
};

struct FilterGroup {
  enum class Kind : std::uint8_t { And, Or, Not };
  Kind kind = Kind::And;
  std::vector<std::unique_ptr<Filter::Node>> parts;  ///< one of a Not, else two or more
};

struct Filter::Node {
  std::variant<FilterComparison, FilterGroup> part;
};

/// The tree of an expression of at most 64 levels. InvalidArgument: what was expected where.
[[nodiscard]] Result<std::unique_ptr<Filter::Node>> parseFilter(std::string_view expression);

}  // namespace cluster_lab::registry
