#include "nss/host_entry.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace cluster_lab::nss {
namespace {

Host example() {
  return {.outcome = Host::Outcome::Found,
          .ipv4 = {Ipv4(0xC0A8C866), Ipv4(0x0A000001)},
          .ipv6 = {Ipv6::parse("fd00::6").value()}};
}

std::string text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  return inet_ntop(family, address, buffer.data(), buffer.size());
}

}  // namespace

TEST_CASE("nss entry: the addresses of one family") {
  std::array<char, 256> memory{};
  hostent entry{};
  Arena arena(memory.data(), memory.size());
  REQUIRE(writeEntry(example(), "pi", AF_INET, arena, entry));
  CHECK(std::string(entry.h_name) == "pi");
  CHECK(entry.h_aliases[0] == nullptr);
  CHECK(entry.h_length == 4);
  CHECK(text(AF_INET, entry.h_addr_list[0]) == "192.168.200.102");
  CHECK(text(AF_INET, entry.h_addr_list[1]) == "10.0.0.1");
  CHECK(entry.h_addr_list[2] == nullptr);
  Arena again(memory.data(), memory.size());
  REQUIRE(writeEntry(example(), "pi", AF_INET6, again, entry));
  CHECK(entry.h_length == 16);
  CHECK(text(AF_INET6, entry.h_addr_list[0]) == "fd00::6");
}

TEST_CASE("nss entry: all addresses as a list") {
  std::array<char, 512> memory{};
  Arena arena(memory.data(), memory.size());
  const auto* first = writeList(example(), "pi", arena);
  REQUIRE(first != nullptr);
  CHECK(std::string(first->name) == "pi");
  CHECK(text(AF_INET, first->addr) == "192.168.200.102");
  REQUIRE(first->next->next != nullptr);
  CHECK(first->next->next->family == AF_INET6);
  CHECK(text(AF_INET6, first->next->next->addr) == "fd00::6");
  CHECK(first->next->next->next == nullptr);
}

TEST_CASE("nss entry: memory of any size, at any place, is never left") {
  std::array<char, 520> memory{};
  int fit = 0;
  for (std::size_t begin = 0; begin < 8; ++begin) {
    for (std::size_t size = 0; size < 400; ++size) {
      memory.fill('#');
      hostent entry{};
      Arena one(memory.data() + begin, size);
      if (writeEntry(example(), "pi-2.node.consul", AF_INET6, one, entry)) ++fit;
      Arena other(memory.data() + begin, size);
      if (writeList(example(), "pi-2.node.consul", other) != nullptr) ++fit;
      for (auto at = begin + size; at < memory.size(); ++at) REQUIRE(memory[at] == '#');
    }
  }
  CHECK(fit > 0);
}

}  // namespace cluster_lab::nss
