#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "wire/dns_message.hpp"

namespace cluster_lab::dns {

/// Another name server.
struct Recursor {
  Ipv4 address;
  std::uint16_t port = 53;

  /// Reads "ADDRESS" or "ADDRESS:PORT".
  [[nodiscard]] static Result<Recursor> parse(std::string_view text);
  [[nodiscard]] std::string toString() const;
  bool operator==(const Recursor&) const = default;
};

/// The message under another id. It has a header.
[[nodiscard]] wire::Bytes withId(wire::Bytes message, std::uint16_t id);
/// Is `response` an answer to `query`, as far as one can tell (RFC 5452 section 3)? Both as they
/// are on the wire.
[[nodiscard]] bool isAnswerTo(wire::ByteView query, wire::ByteView response);
/// Does it settle the question: answered, or there is no such name? Else the next server is asked.
[[nodiscard]] bool isSettled(wire::ByteView response);

}  // namespace cluster_lab::dns
