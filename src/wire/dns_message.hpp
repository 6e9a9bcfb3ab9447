#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ipv4.hpp"
#include "base/ipv6.hpp"
#include "wire/bytes.hpp"
#include "wire/dns_name.hpp"

namespace cluster_lab::wire {

/// Types of records and questions (RFC 1035 section 3.2.2, RFC 3596, RFC 2782, RFC 6891). Others
/// may be found in a message; their data are kept as bytes.
enum class DnsType : std::uint16_t {
  A = 1,
  Ns = 2,
  Cname = 5,
  Soa = 6,
  Ptr = 12,
  Txt = 16,
  Aaaa = 28,
  Srv = 33,
  Opt = 41,
  Any = 255,
};

/// RFC 1035 section 4.1.1, RFC 6891 section 9.
enum class DnsRcode : std::uint16_t {
  NoError = 0,
  FormErr = 1,
  ServFail = 2,
  NxDomain = 3,
  NotImp = 4,
  Refused = 5,
  BadVers = 16,
};

inline constexpr std::uint16_t kDnsClassIn = 1;
inline constexpr std::uint16_t kDnsClassAny = 255;
inline constexpr std::uint8_t kDnsOpcodeQuery = 0;
inline constexpr std::size_t kDnsHeaderSize = 12;
/// The most that a UDP answer may have without EDNS (RFC 1035 section 2.3.4).
inline constexpr std::size_t kDnsPlainUdpSize = 512;
inline constexpr std::size_t kDnsMaxSize = 65535;

struct DnsQuestion {
  DnsName name;
  DnsType type = DnsType::A;
  std::uint16_t classCode = kDnsClassIn;

  bool operator==(const DnsQuestion&) const = default;
};

/// RFC 2782.
struct DnsSrv {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  DnsName target;

  bool operator==(const DnsSrv&) const = default;
};

struct DnsTxt {
  std::vector<std::string> strings;  ///< at most 255 bytes each

  bool operator==(const DnsTxt&) const = default;
};

struct DnsSoa {
  DnsName server;
  DnsName mailbox;
  std::uint32_t serial = 0;
  std::uint32_t refresh = 0;
  std::uint32_t retry = 0;
  std::uint32_t expire = 0;
  std::uint32_t minimum = 0;

  bool operator==(const DnsSoa&) const = default;
};

/// A name is that of an NS, CNAME or PTR record; bytes are the data of any type not known here.
using DnsData = std::variant<Bytes, Ipv4, Ipv6, DnsName, DnsSrv, DnsTxt, DnsSoa>;

struct DnsRecord {
  DnsName name;
  DnsType type = DnsType::A;
  std::uint32_t ttl = 0;
  DnsData data;
  std::uint16_t classCode = kDnsClassIn;

  bool operator==(const DnsRecord&) const = default;
};

/// What an OPT record says (RFC 6891 section 6.1); its options are passed over.
struct DnsEdns {
  std::uint16_t udpSize = 0;
  std::uint8_t version = 0;
  bool dnssecOk = false;

  bool operator==(const DnsEdns&) const = default;
};

/// A DNS message (RFC 1035 section 4), its OPT record told apart from the others.
struct DnsMessage {
  std::uint16_t id = 0;
  bool isResponse = false;
  std::uint8_t opcode = kDnsOpcodeQuery;
  bool authoritative = false;
  bool truncated = false;
  bool recursionDesired = false;
  bool recursionAvailable = false;
  DnsRcode rcode = DnsRcode::NoError;
  std::vector<DnsQuestion> questions;
  std::vector<DnsRecord> answers;
  std::vector<DnsRecord> authorities;
  std::vector<DnsRecord> additionals;
  std::optional<DnsEdns> edns;

  bool operator==(const DnsMessage&) const = default;
};

/// Reads a whole message; bytes behind its last record are passed over. InvalidArgument: it is cut
/// short or breaks a rule.
[[nodiscard]] Result<DnsMessage> decodeDns(ByteView bytes);
/// The header alone, for answering what cannot be read. InvalidArgument: not even that.
[[nodiscard]] Result<DnsMessage> decodeDnsHeader(ByteView bytes);
/// Names are compressed where RFC 1035 and RFC 2782 allow it. The data of each record must be of
/// the kind that its type says. The caller keeps the size below kDnsMaxSize.
[[nodiscard]] Bytes encode(const DnsMessage& message);

}  // namespace cluster_lab::wire
