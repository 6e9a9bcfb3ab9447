#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cluster_lab::wire {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Reads big-endian values from front to back. After the first read past the end every read gives
/// nothing and `ok()` is false.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint64_t number(std::size_t size) {
    const auto view = take(size);
    std::uint64_t value = 0;
    for (const auto byte : view) value = value << 8U | byte;
    return value;
  }
  [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  [[nodiscard]] std::uint64_t u64() { return number(8); }

  [[nodiscard]] ByteView take(std::size_t size) {
    if (!ok_ || rest_.size() < size) {
      ok_ = false;
      return {};
    }
    const auto view = rest_.first(size);
    rest_ = rest_.subspan(size);
    return view;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
  bool ok_ = true;
};

/// Appends big-endian values.
class Writer {
 public:
  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
    }
  }
  void raw(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  [[nodiscard]] Bytes finish() && { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace cluster_lab::wire
