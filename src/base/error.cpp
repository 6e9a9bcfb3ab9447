#include "base/error.hpp"

#include <utility>

namespace cluster_lab {

Error Error::during(std::string_view doing) const {
  return {code, std::string(doing) + ": " + message, remedy};
}

std::string Error::text() const {
  return remedy.empty() ? message : message + ": " + remedy;
}

std::unexpected<Error> fail(ErrorCode code, std::string message, std::string remedy) {
  return std::unexpected(Error{code, std::move(message), std::move(remedy)});
}

std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

}  // namespace cluster_lab
