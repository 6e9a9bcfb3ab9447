#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cluster_lab::registry {

/// Consul's filter expressions (api-docs/features/filtering): comparisons of selectors into the
/// JSON of an answer's elements ("Service.Tags contains v1 and Node.Meta.rack == `a`") with and,
/// or, not and parentheses. `matches` is refused: an expression of a stranger may take for ever.
class Filter {
 public:
  /// InvalidArgument: what was expected where.
  [[nodiscard]] static Result<Filter> parse(std::string_view expression);
  ~Filter();
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;

  /// Does the element, a JSON object, fit? InvalidArgument: a selector of a member that such
  /// elements do not have, or a value that its member cannot be compared with.
  [[nodiscard]] Result<bool> matches(std::string_view element) const;

  struct Node;  ///< of the expression's tree

 private:
  explicit Filter(std::unique_ptr<Node> root);
  std::unique_ptr<Node> root_;
};

}  // namespace cluster_lab::registry
