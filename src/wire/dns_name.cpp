#include "wire/dns_name.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cluster_lab::wire {
namespace {

bool sameLabel(std::string_view a, std::string_view b) {
  return a.size() == b.size() && toLower(a) == toLower(b);
}

}  // namespace

Result<DnsName> DnsName::parse(std::string_view text) {
  const auto whole = text;
  if (text.ends_with('.')) text.remove_suffix(1);
  DnsName name;
  if (text.empty()) return name;
  for (const auto label : split(text, '.')) {
    if (label.empty() || label.size() > kDnsMaxLabel) {
      return fail(ErrorCode::InvalidArgument,
                  "'" + std::string(whole) + "' is no domain name: labels have 1 to 63 characters");
    }
    name.labels.emplace_back(label);
  }
  if (name.wireSize() > kDnsMaxName) {
    return fail(ErrorCode::InvalidArgument, "'" + std::string(whole) + "' is too long for a name");
  }
  return name;
}

std::string DnsName::toString() const {
  if (labels.empty()) return ".";
  std::string text;
  for (const auto& label : labels) text.append(label).append(".");
  return text;
}

std::size_t DnsName::wireSize() const {
  std::size_t size = 1;
  for (const auto& label : labels) size += 1 + label.size();
  return size;
}

bool DnsName::sameAs(const DnsName& other) const {
  return std::ranges::equal(labels, other.labels, sameLabel);
}

bool DnsName::isWithin(const DnsName& zone) const {
  if (zone.labels.size() > labels.size()) return false;
  const auto tail = labels.end() - static_cast<std::ptrdiff_t>(zone.labels.size());
  return std::equal(tail, labels.end(), zone.labels.begin(), sameLabel);
}

}  // namespace cluster_lab::wire
