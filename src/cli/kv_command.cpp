#include "cli/kv_command.hpp"

#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/outcome.hpp"
#include "cli/registry_text.hpp"
#include "cli/standard_input.hpp"
#include "os/file.hpp"

namespace cluster_lab::cli {
namespace {

constexpr std::size_t kLargestImport = std::size_t{256} << 20U;

std::string firstOperand(const Invocation& invocation) {
  return invocation.operands.empty() ? "" : invocation.operands.front();
}

Error noSuchKey(const std::string& key, bool recurse) {
  return {
      ErrorCode::NotFound,
      recurse ? "there is no key that begins with '" + key + "'" : "there is no key '" + key + "'",
      "cluster-lab kv list --recurse lists them"};
}

Exit tellDone(const Invocation& invocation) {
  if (invocation.json) std::cout << "{\"done\": true}\n";
  return Exit::Ok;
}

/// A value as it is; before a person's prompt comes a line end.
void printValue(const std::string& value) {
  std::cout << value;
  if (isatty(STDOUT_FILENO) == 1 && !value.ends_with('\n')) std::cout << '\n';
}

Exit get(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto key = firstOperand(invocation);
  const auto* const query = invocation.recurse ? "?recurse" : invocation.json ? "" : "?raw";
  const auto answer = registry.get(keyTarget(key) + query);
  if (!answer && answer.error().code == ErrorCode::NotFound) {
    return complain(noSuchKey(key, invocation.recurse));
  }
  if (!answer) return complain(answer.error());
  if (invocation.json) {
    std::cout << pretty(answer->body);
  } else if (invocation.recurse) {
    const auto keys = parseKeys(answer->body);
    if (!keys) return complain(keys.error());
    std::cout << renderKeys(*keys, style);
  } else {
    printValue(answer->body);
  }
  return Exit::Ok;
}

/// "false" is the registry's word for: not as the check-and-set wanted it.
Error notAsExpected(const Invocation& invocation) {
  const auto key = firstOperand(invocation);
  const auto wanted = invocation.cas.value_or(0);
  return {ErrorCode::Conflict,
          wanted == 0 ? "the key '" + key + "' is there already, nothing was changed"
                      : "the key '" + key + "' is no longer as it was at index " +
                            std::to_string(wanted) + ", nothing was changed",
          "look at it with: cluster-lab kv get " + key + " --json"};
}

Exit finish(const Invocation& invocation, const Result<std::string>& answer) {
  if (!answer) return complain(answer.error());
  if (trim(*answer) == "false") return complain(notAsExpected(invocation));
  return tellDone(invocation);
}

Exit put(const Invocation& invocation, const RegistryClient& registry) {
  auto target = keyTarget(firstOperand(invocation)) + "?flags=" + std::to_string(invocation.flags);
  if (invocation.cas) target += "&cas=" + std::to_string(*invocation.cas);
  const auto& operands = invocation.operands;
  const auto value =
      orStandardInput(operands.size() > 1 ? std::optional(operands[1]) : std::nullopt);
  return finish(invocation, registry.put(target, value));
}

Exit remove(const Invocation& invocation, const RegistryClient& registry) {
  auto target = keyTarget(firstOperand(invocation));
  if (invocation.recurse && invocation.cas) {
    return complain({ErrorCode::InvalidArgument, "--cas is about one key, --recurse about many",
                     "leave one of them out"});
  }
  if (invocation.recurse) target += "?recurse";
  if (invocation.cas) target += "?cas=" + std::to_string(*invocation.cas);
  return finish(invocation, registry.remove(target));
}

/// An empty list where the registry says that there is nothing.
Result<std::string> listOrNothing(const RegistryClient& registry, const std::string& target) {
  auto answer = registry.get(target);
  if (answer) return std::move(answer->body);
  if (answer.error().code == ErrorCode::NotFound) return "[]";
  return fail(answer.error());
}

Exit list(const Invocation& invocation, const RegistryClient& registry) {
  const auto* const query = invocation.recurse ? "?keys" : "?keys&separator=/";
  const auto json = listOrNothing(registry, keyTarget(firstOperand(invocation)) + query);
  if (!json) return complain(json.error());
  const auto names = parseKeyNames(*json);
  if (!names) return complain(names.error());
  if (invocation.json) {
    std::cout << pretty(*json);
    return Exit::Ok;
  }
  for (const auto& name : *names) std::cout << name << "\n";
  return Exit::Ok;
}

Exit exportKeys(const Invocation& invocation, const RegistryClient& registry) {
  const auto json = listOrNothing(registry, keyTarget(firstOperand(invocation)) + "?recurse");
  const auto document = json ? exportOf(*json) : fail(json.error());
  if (!document) return complain(document.error());
  std::cout << *document;
  return Exit::Ok;
}

/// Sets one after the other; tells of a failure how many were set before it.
Result<void> setAll(const std::vector<ImportedKey>& keys, const RegistryClient& registry) {
  std::size_t done = 0;
  for (const auto& key : keys) {
    const auto set =
        registry.put(keyTarget(key.key) + "?flags=" + std::to_string(key.flags), key.value);
    if (!set) {
      return fail(set.error().during(std::to_string(done) + " of " + std::to_string(keys.size()) +
                                     " keys were set, then '" + key.key + "'"));
    }
    ++done;
  }
  return {};
}

Exit importKeys(const Invocation& invocation, const RegistryClient& registry) {
  const auto file = firstOperand(invocation);
  const bool fromInput = file.empty() || file == "-";
  const auto text =
      fromInput ? Result<std::string>(readStandardInput()) : os::readFile(file, kLargestImport);
  if (!text) return complain(text.error());
  const auto keys = parseExport(*text);
  if (!keys) return complain(keys.error());
  if (const auto set = setAll(*keys, registry); !set) return complain(set.error());
  if (invocation.json) {
    std::cout << nlohmann::json{{"imported", keys->size()}}.dump(2) << "\n";
  } else {
    std::cout << keys->size() << (keys->size() == 1 ? " key was set.\n" : " keys were set.\n");
  }
  return Exit::Ok;
}

}  // namespace

Exit runKv(const Invocation& invocation, const RegistryClient& registry, const Style& style) {
  const auto& action = invocation.action;
  if (action == "get") return get(invocation, registry, style);
  if (action == "put") return put(invocation, registry);
  if (action == "delete") return remove(invocation, registry);
  if (action == "list") return list(invocation, registry);
  if (action == "export") return exportKeys(invocation, registry);
  return importKeys(invocation, registry);
}

}  // namespace cluster_lab::cli
