#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cluster_lab::os {

/// Cuts a stream of text into lines. A line above kMaxLine bytes comes in pieces.
class LineSplitter {
 public:
  static constexpr std::size_t kMaxLine = 4096;

  /// Calls `onLine` with each line that `text` completes, without its line end.
  template <typename OnLine>
  void feed(std::string_view text, OnLine onLine) {
    for (const char c : text) {
      if (c != '\n') partial_ += c;
      if (c == '\n' || partial_.size() == kMaxLine) emit(onLine);
    }
  }
  /// The stream has ended: what is left is a line, too.
  template <typename OnLine>
  void finish(OnLine onLine) {
    if (!partial_.empty()) emit(onLine);
  }

 private:
  template <typename OnLine>
  void emit(OnLine& onLine) {
    const auto line = std::exchange(partial_, {});
    onLine(std::string_view(line));
  }

  std::string partial_;
};

}  // namespace cluster_lab::os
