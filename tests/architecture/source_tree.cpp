#include "source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>

namespace cluster_lab::architecture {
namespace {

namespace fs = std::filesystem;

std::string readText(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void readIncludes(const std::string& text, SourceFile& file) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#include ") || line.size() < 12) continue;
    const char close = line[9] == '<' ? '>' : '"';
    const auto name = line.substr(10, line.find(close, 10) - 10);
    (close == '>' ? file.outsideIncludes : file.ownIncludes).push_back(name);
  }
}

Module parseModule(const std::vector<std::string>& words, std::size_t at) {
  Module module;
  module.folder = words.at(at + 1);
  std::set<std::string>* list = nullptr;
  std::set<std::string> ignored;
  for (std::size_t i = at + 2; i < words.size() && words[i] != "cluster_module"; ++i) {
    const auto& word = words[i];
    if (word == "PURE")
      list = &module.pure;
    else if (word == "DRIVER")
      list = &module.driver;
    else if (word == "USES")
      list = &module.uses;
    else if (word == "LIBS" || word == "PURE_LIBS" || word == "FAST")
      list = &ignored;
    else if (word == "add_executable" || word == "target_link_libraries" || word == "install")
      break;
    else if (list != nullptr)
      list->insert(word);
  }
  return module;
}

}  // namespace

std::string withoutComments(const std::string& text) {
  std::string code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size());
      code += '\n';
    } else if (text.compare(i, 2, "/*") == 0) {
      i = std::min(text.find("*/", i), text.size()) + 1;
    } else if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
      code += "\"\"";
    } else {
      code += text[i];
    }
  }
  return code;
}

std::vector<std::string> cmakeWords(const fs::path& file) {
  std::istringstream lines(readText(file));
  std::string joined;
  for (std::string line; std::getline(lines, line);)
    joined += line.substr(0, line.find('#')) + '\n';
  for (char& c : joined) c = c == '(' || c == ')' ? ' ' : c;
  std::istringstream words(joined);
  return {std::istream_iterator<std::string>(words), {}};
}

std::map<std::string, Module> readModules(const fs::path& src) {
  std::map<std::string, Module> modules;
  for (const auto& entry : fs::directory_iterator(src)) {
    if (!fs::exists(entry.path() / "CMakeLists.txt")) continue;
    const auto words = cmakeWords(entry.path() / "CMakeLists.txt");
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] != "cluster_module") continue;
      auto module = parseModule(words, i);
      modules[module.folder] = module;
    }
  }
  return modules;
}

std::vector<SourceFile> readSources(const fs::path& src) {
  std::vector<SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(src)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    SourceFile file;
    const auto relative = entry.path().lexically_relative(src);
    file.path = ("src" / relative).string();
    file.folder = relative.begin()->string();
    file.name = entry.path().lexically_relative(src / file.folder).string();
    const auto text = readText(entry.path());
    readIncludes(text, file);
    file.code = withoutComments(text);
    files.push_back(std::move(file));
  }
  return files;
}

std::string folderInCircle(const std::map<std::string, Module>& modules) {
  for (const auto& [start, unused] : modules) {
    std::set<std::string> reached;
    const std::function<void(const std::string&)> visit = [&](const std::string& folder) {
      const auto found = modules.find(folder);
      if (found == modules.end()) return;
      for (const auto& next : found->second.uses) {
        if (reached.insert(next).second) visit(next);
      }
    };
    visit(start);
    if (reached.contains(start)) return start;
  }
  return {};
}

}  // namespace cluster_lab::architecture
