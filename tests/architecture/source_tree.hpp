#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cluster_lab::architecture {

/// One call of cluster_module() in a folder's CMakeLists.txt.
struct Module {
  std::string folder;
  std::set<std::string> pure;    ///< file names
  std::set<std::string> driver;  ///< file names
  std::set<std::string> uses;    ///< folders
};

struct SourceFile {
  std::string path;                          ///< from the top, "src/wire/arp.cpp"
  std::string folder;                        ///< "wire"
  std::string name;                          ///< "arp.cpp"
  std::vector<std::string> ownIncludes;      ///< "base/error.hpp"
  std::vector<std::string> outsideIncludes;  ///< "linux/if_ether.h"
  std::string code;                          ///< its text without comments and string literals
};

/// Reads the text without // and /* */ comments and without the content of string literals.
[[nodiscard]] std::string withoutComments(const std::string& text);
[[nodiscard]] std::map<std::string, Module> readModules(const std::filesystem::path& src);
[[nodiscard]] std::vector<SourceFile> readSources(const std::filesystem::path& src);
/// The words of a CMake file, without comments and parentheses.
[[nodiscard]] std::vector<std::string> cmakeWords(const std::filesystem::path& file);
/// A folder from which the arrows lead back to it; empty: there is no circle.
[[nodiscard]] std::string folderInCircle(const std::map<std::string, Module>& modules);

}  // namespace cluster_lab::architecture
