#include "dns/exchange.hpp"

#include "base/text.hpp"

namespace cluster_lab::dns {

Result<Recursor> Recursor::parse(std::string_view text) {
  const auto colon = text.find(':');
  const auto address = Ipv4::parse(text.substr(0, colon));
  if (!address) return fail(address.error());
  Recursor recursor{.address = *address};
  if (colon != std::string_view::npos) {
    const auto port = parseInteger(text.substr(colon + 1), 1, 65535);
    if (!port) return fail(port.error());
    recursor.port = static_cast<std::uint16_t>(*port);
  }
  return recursor;
}

std::string Recursor::toString() const {
  return address.toString() + ':' + std::to_string(port);
}

wire::Bytes withId(wire::Bytes message, std::uint16_t id) {
  message.at(0) = static_cast<std::uint8_t>(id >> 8U);
  message.at(1) = static_cast<std::uint8_t>(id);
  return message;
}

bool isAnswerTo(wire::ByteView query, wire::ByteView response) {
  const auto asked = wire::decodeDns(query);
  const auto told = wire::decodeDns(response);
  if (!asked || !told || !told->isResponse || asked->id != told->id) return false;
  // Of a failure the question may be left out.
  if (told->questions.empty()) return told->rcode != wire::DnsRcode::NoError;
  const auto& one = asked->questions;
  const auto& other = told->questions;
  return one.size() == 1 && other.size() == 1 && one[0].name.sameAs(other[0].name) &&
         one[0].type == other[0].type && one[0].classCode == other[0].classCode;
}

bool isSettled(wire::ByteView response) {
  const auto header = wire::decodeDnsHeader(response);
  return header &&
         (header->rcode == wire::DnsRcode::NoError || header->rcode == wire::DnsRcode::NxDomain);
}

}  // namespace cluster_lab::dns
