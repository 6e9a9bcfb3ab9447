#include "wire/dns_message.hpp"

#include "wire/dns_cursor.hpp"

namespace cluster_lab::wire {
namespace {

// Bits of the second word of the header, RFC 1035 section 4.1.1.
constexpr std::uint16_t kResponse = 0x8000;
constexpr unsigned kOpcodeShift = 11;
constexpr std::uint16_t kOpcodeMask = 0x0F;
constexpr std::uint16_t kAuthoritative = 0x0400;
constexpr std::uint16_t kTruncated = 0x0200;
constexpr std::uint16_t kRecursionDesired = 0x0100;
constexpr std::uint16_t kRecursionAvailable = 0x0080;
constexpr std::uint16_t kRcodeMask = 0x0F;

// The TTL field of an OPT record, RFC 6891 section 6.1.3.
constexpr unsigned kExtendedRcodeShift = 24;
constexpr unsigned kVersionShift = 16;
constexpr std::uint32_t kDnssecOk = 0x8000;
constexpr unsigned kRcodeBits = 4;

constexpr std::size_t kMaxString = 255;

struct Counts {
  std::uint16_t questions, answers, authorities, additionals;
};

std::unexpected<Error> malformed(const char* what) {
  return fail(ErrorCode::InvalidArgument, std::string("DNS message with ") + what);
}

// --- reading

DnsMessage readHeader(DnsReader& reader) {
  DnsMessage message;
  message.id = reader.u16();
  const auto flags = reader.u16();
  message.isResponse = (flags & kResponse) != 0;
  message.opcode = static_cast<std::uint8_t>(flags >> kOpcodeShift & kOpcodeMask);
  message.authoritative = (flags & kAuthoritative) != 0;
  message.truncated = (flags & kTruncated) != 0;
  message.recursionDesired = (flags & kRecursionDesired) != 0;
  message.recursionAvailable = (flags & kRecursionAvailable) != 0;
  message.rcode = static_cast<DnsRcode>(flags & kRcodeMask);
  return message;
}

DnsTxt readStrings(DnsReader& reader, std::size_t end) {
  DnsTxt text;
  while (reader.ok() && reader.offset() < end) {
    const auto size = reader.number(1);
    const auto view = reader.take(size);
    text.strings.emplace_back(view.begin(), view.end());
  }
  return text;
}

DnsSoa readSoa(DnsReader& reader) {
  DnsSoa soa;
  soa.server = reader.name();
  soa.mailbox = reader.name();
  for (auto* number : {&soa.serial, &soa.refresh, &soa.retry, &soa.expire, &soa.minimum}) {
    *number = reader.u32();
  }
  return soa;
}

DnsSrv readSrv(DnsReader& reader) {
  DnsSrv srv;
  srv.priority = reader.u16();
  srv.weight = reader.u16();
  srv.port = reader.u16();
  srv.target = reader.name();
  return srv;
}

Bytes readBytes(DnsReader& reader, std::size_t size) {
  const auto view = reader.take(size);
  return {view.begin(), view.end()};
}

DnsData readData(DnsReader& reader, DnsType type, std::size_t size) {
  switch (type) {
    case DnsType::A:
      return Ipv4(reader.u32());
    case DnsType::Aaaa: {
      Ipv6 address;
      for (auto& byte : address.bytes) byte = static_cast<std::uint8_t>(reader.number(1));
      return address;
    }
    case DnsType::Ns:
    case DnsType::Cname:
    case DnsType::Ptr:
      return reader.name();
    case DnsType::Soa:
      return readSoa(reader);
    case DnsType::Srv:
      return readSrv(reader);
    case DnsType::Txt:
      return readStrings(reader, reader.offset() + size);
    default:
      return readBytes(reader, size);
  }
}

/// RFC 6891 section 6.1.1: one OPT record at most, its name is the root.
Result<void> takeOpt(const DnsRecord& record, DnsMessage& message) {
  if (message.edns) return malformed("two OPT records");
  if (!record.name.labels.empty()) return malformed("an OPT record below the root");
  message.edns = DnsEdns{.udpSize = record.classCode,
                         .version = static_cast<std::uint8_t>(record.ttl >> kVersionShift),
                         .dnssecOk = (record.ttl & kDnssecOk) != 0};
  const auto extended = record.ttl >> kExtendedRcodeShift << kRcodeBits;
  message.rcode = static_cast<DnsRcode>(extended | static_cast<std::uint32_t>(message.rcode));
  return {};
}

Result<DnsRecord> readRecord(DnsReader& reader) {
  DnsRecord record;
  record.name = reader.name();
  record.type = static_cast<DnsType>(reader.u16());
  record.classCode = reader.u16();
  record.ttl = reader.u32();
  const std::size_t size = reader.u16();
  const auto end = reader.offset() + size;
  record.data = readData(reader, record.type, size);
  if (!reader.ok()) return malformed("a record that is cut short or has a wrong name");
  if (reader.offset() != end) return malformed("a record of another size than it says");
  return record;
}

Result<void> readRecords(DnsReader& reader, std::size_t count, std::vector<DnsRecord>& records,
                         DnsMessage& message, bool mayHaveOpt) {
  for (std::size_t i = 0; i < count; ++i) {
    auto record = readRecord(reader);
    if (!record) return fail(record.error());
    if (record->type != DnsType::Opt) {
      records.push_back(std::move(*record));
    } else if (!mayHaveOpt) {
      return malformed("an OPT record out of place");
    } else if (auto taken = takeOpt(*record, message); !taken) {
      return taken;
    }
  }
  return {};
}

Result<void> readQuestions(DnsReader& reader, std::size_t count, DnsMessage& message) {
  for (std::size_t i = 0; i < count; ++i) {
    DnsQuestion question;
    question.name = reader.name();
    question.type = static_cast<DnsType>(reader.u16());
    question.classCode = reader.u16();
    if (!reader.ok()) return malformed("a question that is cut short or has a wrong name");
    message.questions.push_back(std::move(question));
  }
  return {};
}

// --- writing

std::uint16_t flagsOf(const DnsMessage& message) {
  const auto bit = [](bool on, std::uint16_t flag) { return on ? flag : std::uint16_t{0}; };
  const auto low = static_cast<std::uint32_t>(message.rcode) & kRcodeMask;
  return static_cast<std::uint16_t>(
      bit(message.isResponse, kResponse) | (message.opcode & kOpcodeMask) << kOpcodeShift |
      bit(message.authoritative, kAuthoritative) | bit(message.truncated, kTruncated) |
      bit(message.recursionDesired, kRecursionDesired) |
      bit(message.recursionAvailable, kRecursionAvailable) | low);
}

/// Writes the data of a record, each kind in its own way.
struct DataWriter {
  DnsWriter& writer;

  void operator()(const Bytes& bytes) const { writer.raw(bytes); }
  void operator()(Ipv4 address) const { writer.number(address.hostOrder(), 4); }
  void operator()(const Ipv6& address) const { writer.raw(address.bytes); }
  void operator()(const DnsName& name) const { writer.name(name); }
  void operator()(const DnsSrv& srv) const {
    for (const auto value : {srv.priority, srv.weight, srv.port}) writer.number(value, 2);
    writer.plainName(srv.target);
  }
  void operator()(const DnsTxt& text) const {
    for (const auto& string : text.strings) {
      const auto part = std::string_view(string).substr(0, kMaxString);
      writer.number(part.size(), 1);
      writer.text(part);
    }
  }
  void operator()(const DnsSoa& soa) const {
    writer.name(soa.server);
    writer.name(soa.mailbox);
    for (const auto value : {soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum}) {
      writer.number(value, 4);
    }
  }
};

void writeRecord(DnsWriter& writer, const DnsRecord& record) {
  writer.name(record.name);
  writer.number(static_cast<std::uint16_t>(record.type), 2);
  writer.number(record.classCode, 2);
  writer.number(record.ttl, 4);
  const auto sizeAt = writer.placeholder16();
  std::visit(DataWriter{writer}, record.data);
  writer.fill16(sizeAt);
}

void writeOpt(DnsWriter& writer, const DnsEdns& edns, DnsRcode rcode) {
  writer.number(0, 1);  // the root
  writer.number(static_cast<std::uint16_t>(DnsType::Opt), 2);
  writer.number(edns.udpSize, 2);
  writer.number(static_cast<std::uint32_t>(rcode) >> kRcodeBits, 1);
  writer.number(edns.version, 1);
  writer.number(edns.dnssecOk ? kDnssecOk : 0, 2);
  writer.number(0, 2);
}

}  // namespace

Result<DnsMessage> decodeDnsHeader(ByteView bytes) {
  if (bytes.size() < kDnsHeaderSize) return malformed("less than a header");
  DnsReader reader(bytes);
  return readHeader(reader);
}

Result<DnsMessage> decodeDns(ByteView bytes) {
  if (bytes.size() < kDnsHeaderSize) return malformed("less than a header");
  DnsReader reader(bytes);
  auto message = readHeader(reader);
  const Counts counts{reader.u16(), reader.u16(), reader.u16(), reader.u16()};
  if (auto done = readQuestions(reader, counts.questions, message); !done)
    return fail(done.error());
  if (auto done = readRecords(reader, counts.answers, message.answers, message, false); !done) {
    return fail(done.error());
  }
  if (auto done = readRecords(reader, counts.authorities, message.authorities, message, false);
      !done) {
    return fail(done.error());
  }
  if (auto done = readRecords(reader, counts.additionals, message.additionals, message, true);
      !done) {
    return fail(done.error());
  }
  return message;
}

Bytes encode(const DnsMessage& message) {
  DnsWriter writer;
  writer.number(message.id, 2);
  writer.number(flagsOf(message), 2);
  const auto extra = message.additionals.size() + (message.edns ? 1 : 0);
  for (const auto count :
       {message.questions.size(), message.answers.size(), message.authorities.size(), extra}) {
    writer.number(count, 2);
  }
  for (const auto& question : message.questions) {
    writer.name(question.name);
    writer.number(static_cast<std::uint16_t>(question.type), 2);
    writer.number(question.classCode, 2);
  }
  for (const auto* section : {&message.answers, &message.authorities, &message.additionals}) {
    for (const auto& record : *section) writeRecord(writer, record);
  }
  if (message.edns) writeOpt(writer, *message.edns, message.rcode);
  return std::move(writer).finish();
}

}  // namespace cluster_lab::wire
