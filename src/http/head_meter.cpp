#include "http/head_meter.hpp"

namespace cluster_lab::http {

bool HeadMeter::take(std::string_view bytes) {
  bytes_ += bytes.size();
  for (const char c : bytes) {
    if (c == '\n') {
      ++lines_;
      line_ = 0;
    } else {
      ++line_;
    }
    if (line_ > kMaxLine) return false;
  }
  return bytes_ <= kMaxBytes && lines_ <= kMaxLines;
}

}  // namespace cluster_lab::http
