#include "board/facts.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::board {

using namespace std::string_view_literals;

TEST_CASE("board facts: a text ends at NUL, is printable and not endless") {
  CHECK(plainText("Raspberry Pi 3\0junk"sv) == "Raspberry Pi 3");
  CHECK(plainText("SC32G\n") == "SC32G");
  CHECK(plainText("a\x1b[31mb\xff") == "a[31mb");
  CHECK(plainText(std::string(1000, 'x')).size() == 128);
  CHECK(plainText("").empty());
}

TEST_CASE("board facts: become labels, what is not known does not") {
  const Facts facts{.model = "Raspberry Pi 4", .serial = "", .card = "", .memoryBytes = 1U << 30U};
  CHECK(labelsOf(facts) == std::map<std::string, std::string>{{"pi-memory", "1.0 GiB"},
                                                              {"pi-model", "Raspberry Pi 4"}});
  CHECK(labelsOf({}).empty());
}

TEST_CASE("board facts: the user's own label counts, and there are never too many") {
  const Facts facts{.model = "Raspberry Pi 4", .serial = "1", .card = "", .memoryBytes = 0};
  CHECK(withLabelsOf(facts, {{"pi-model", "mine"}}, 10) ==
        std::map<std::string, std::string>{{"pi-model", "mine"}, {"pi-serial", "1"}});
  CHECK(withLabelsOf(facts, {{"a", "1"}, {"b", "2"}}, 3).size() == 3);
  CHECK(withLabelsOf(facts, {{"a", "1"}, {"b", "2"}}, 2).size() == 2);
}

TEST_CASE("board facts: sizes are told in MiB or GiB") {
  CHECK(sizeText(std::uint64_t{437036} * 1024) == "427 MiB");
  CHECK(sizeText(std::uint64_t{3884360} * 1024) == "3.7 GiB");
}

}  // namespace cluster_lab::board
