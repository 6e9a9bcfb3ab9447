#include "nss/host_entry.hpp"

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace cluster_lab::nss {
namespace {

constexpr std::size_t kIpv4Size = 4;

using Raw = std::vector<std::uint8_t>;

Raw bytesOf(Ipv4 address) {
  Raw bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes.push_back(static_cast<std::uint8_t>(address.hostOrder() >> shift));
  }
  return bytes;
}

std::vector<Raw> bytesOf(const Host& host, int family) {
  std::vector<Raw> all;
  if (family == AF_INET) {
    for (const auto address : host.ipv4) all.push_back(bytesOf(address));
  } else {
    for (const auto& address : host.ipv6) {
      all.emplace_back(address.bytes.begin(), address.bytes.end());
    }
  }
  return all;
}

}  // namespace

void* Arena::takeBytes(std::size_t size, std::size_t alignment) {
  void* place = at_;
  if (std::align(alignment, size, place, left_) == nullptr) return nullptr;
  at_ = static_cast<char*>(place) + size;
  left_ -= size;
  return place;
}

char* Arena::copy(std::string_view text) {
  auto* place = take<char>(text.size() + 1);
  if (place == nullptr) return nullptr;
  std::memcpy(place, text.data(), text.size());
  place[text.size()] = '\0';
  return place;
}

bool writeEntry(const Host& host, std::string_view name, int family, Arena& arena, hostent& entry) {
  const auto addresses = bytesOf(host, family);
  auto** list = arena.take<char*>(addresses.size() + 1);
  auto** aliases = arena.take<char*>();
  entry.h_name = arena.copy(name);
  if (list == nullptr || aliases == nullptr || entry.h_name == nullptr) return false;
  entry.h_addrtype = family;
  entry.h_length = family == AF_INET ? kIpv4Size : static_cast<int>(sizeof(Ipv6));
  entry.h_aliases = aliases;
  *aliases = nullptr;
  entry.h_addr_list = list;
  for (const auto& address : addresses) {
    auto* place = arena.take<std::uint32_t>(address.size() / sizeof(std::uint32_t));
    if (place == nullptr) return false;
    std::memcpy(place, address.data(), address.size());
    *list++ = reinterpret_cast<char*>(place);
  }
  *list = nullptr;
  return true;
}

gaih_addrtuple* writeList(const Host& host, std::string_view name, Arena& arena) {
  auto* text = arena.copy(name);
  if (text == nullptr) return nullptr;
  gaih_addrtuple* first = nullptr;
  auto** link = &first;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const auto& address : bytesOf(host, family)) {
      auto* tuple = arena.take<gaih_addrtuple>();
      if (tuple == nullptr) return nullptr;
      *tuple = {};
      tuple->name = text;
      tuple->family = family;
      std::memcpy(tuple->addr, address.data(), address.size());
      *link = tuple;
      link = &tuple->next;
    }
  }
  return first;
}

}  // namespace cluster_lab::nss
