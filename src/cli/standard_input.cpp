#include "cli/standard_input.hpp"

#include <iostream>
#include <iterator>

namespace cluster_lab::cli {

std::string readStandardInput() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

std::string orStandardInput(const std::optional<std::string>& operand) {
  return !operand || *operand == "-" ? readStandardInput() : *operand;
}

}  // namespace cluster_lab::cli
