#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "wire/bytes.hpp"
#include "wire/dns_name.hpp"

namespace cluster_lab::wire {

/// Reads a DNS message from front to back; names may point back into it (RFC 1035 section 4.1.4).
/// After the first mistake every read gives nothing and `ok()` is false.
class DnsReader {
 public:
  explicit DnsReader(ByteView message) : message_(message) {}

  [[nodiscard]] std::size_t number(std::size_t size);
  [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  [[nodiscard]] ByteView take(std::size_t size);
  /// A pointer must lead to before the place where the part of the name it ends began, so that no
  /// message can make this go in circles.
  [[nodiscard]] DnsName name();

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }

 private:
  ByteView message_;
  std::size_t offset_ = 0;
  bool ok_ = true;
};

/// Writes a DNS message from front to back, and names as pointers to where they stand already.
class DnsWriter {
 public:
  void number(std::size_t value, std::size_t size);
  void raw(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void name(const DnsName& name);
  /// Without compression.
  void plainName(const DnsName& name);

  /// Two bytes, to be filled with the number of bytes that follow them.
  [[nodiscard]] std::size_t placeholder16();
  void fill16(std::size_t at);

  [[nodiscard]] Bytes finish() && { return std::move(bytes_); }

 private:
  void label(const std::string& label);

  Bytes bytes_;
  std::map<std::string, std::size_t, std::less<>> places_;  // of the ends of names
};

}  // namespace cluster_lab::wire
