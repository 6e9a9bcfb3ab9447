#include "wire/dns_cursor.hpp"

namespace cluster_lab::wire {
namespace {

constexpr std::size_t kPointer = 0xC0;  // RFC 1035 section 4.1.4: the two high bits
constexpr std::size_t kMaxPlace = 0x3FFF;

}  // namespace

std::size_t DnsReader::number(std::size_t size) {
  std::size_t value = 0;
  for (const auto byte : take(size)) value = value << 8U | byte;
  return value;
}

ByteView DnsReader::take(std::size_t size) {
  if (!ok_ || message_.size() - offset_ < size) {
    ok_ = false;
    return {};
  }
  const auto view = message_.subspan(offset_, size);
  offset_ += size;
  return view;
}

DnsName DnsReader::name() {
  DnsName name;
  std::size_t size = 1;
  std::size_t begin = offset_;  // of the part that is being read
  std::size_t after = 0;        // where reading goes on; 0: no pointer yet
  while (true) {
    const auto length = number(1);
    if (!ok_ || length == 0) break;
    if ((length & kPointer) == kPointer) {
      const auto place = (length & ~kPointer) << 8U | number(1);
      if (after == 0) after = offset_;
      if (place >= begin) ok_ = false;
      if (!ok_) break;
      begin = offset_ = place;
      continue;
    }
    size += 1 + length;
    if (length > kDnsMaxLabel || size > kDnsMaxName) ok_ = false;
    const auto view = take(length);
    name.labels.emplace_back(view.begin(), view.end());
    if (!ok_) break;
  }
  if (after != 0) offset_ = after;
  return ok_ ? name : DnsName{};
}

void DnsWriter::number(std::size_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
  }
}

void DnsWriter::label(const std::string& label) {
  number(label.size(), 1);
  text(label);
}

void DnsWriter::name(const DnsName& name) {
  // The rest of the name as it stands on the wire: no two names have the same.
  std::string rest;
  for (const auto& label : name.labels) {
    rest += static_cast<char>(label.size());
    rest += label;
  }
  std::string_view view = rest;
  for (const auto& each : name.labels) {
    if (const auto known = places_.find(view); known != places_.end()) {
      return number(kPointer << 8U | known->second, 2);
    }
    if (bytes_.size() <= kMaxPlace) places_.emplace(view, bytes_.size());
    label(each);
    view.remove_prefix(1 + each.size());
  }
  number(0, 1);
}

void DnsWriter::plainName(const DnsName& name) {
  for (const auto& each : name.labels) label(each);
  number(0, 1);
}

std::size_t DnsWriter::placeholder16() {
  number(0, 2);
  return bytes_.size() - 2;
}

void DnsWriter::fill16(std::size_t at) {
  const auto size = bytes_.size() - at - 2;
  bytes_[at] = static_cast<std::uint8_t>(size >> 8U);
  bytes_[at + 1] = static_cast<std::uint8_t>(size);
}

}  // namespace cluster_lab::wire
