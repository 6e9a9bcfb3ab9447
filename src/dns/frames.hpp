#pragma once

#include <cstddef>
#include <optional>

#include "wire/bytes.hpp"

namespace cluster_lab::dns {

/// Messages out of a TCP stream, each with its size before it (RFC 1035 section 4.2.2).
class Frames {
 public:
  /// `longest`: of a message.
  explicit Frames(std::size_t longest) : longest_(longest) {}

  void add(wire::ByteView bytes);
  /// The next whole message; nullopt: not yet.
  [[nodiscard]] std::optional<wire::Bytes> next();
  /// Bytes that are held, of whole messages and parts.
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  /// A message that is longer than allowed is on its way: nothing more can be read.
  [[nodiscard]] bool isTooLong() const;

 private:
  [[nodiscard]] std::optional<std::size_t> sizeOfNext() const;

  std::size_t longest_;
  wire::Bytes bytes_;
};

/// The message with its size before it; at most 65535 bytes.
[[nodiscard]] wire::Bytes framed(wire::ByteView message);

}  // namespace cluster_lab::dns
