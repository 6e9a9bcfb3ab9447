#include "wire/tar.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::wire {

namespace {

const std::vector<TarFile> kFiles = {{"meta.json", "{}"},
                                     {"empty", ""},
                                     {"state.bin", std::string(1500, 'x')},
                                     {"block", std::string(512, '\0')}};

}  // namespace

TEST_CASE("tar: what was written is read") {
  const auto archive = encodeTar(kFiles);
  CHECK(archive.size() % 512 == 0);
  CHECK(decodeTar(archive).value() == kFiles);
  CHECK(decodeTar(encodeTar({})).value().empty());
}

TEST_CASE("tar: the header is that of GNU tar for the same file") {
  const auto archive = encodeTar({{"a", "hello"}});
  CHECK(archive.substr(100, 48) == std::string("0000600\0"
                                               "0000000\0"
                                               "0000000\0"
                                               "00000000005\0"
                                               "00000000000\0",
                                               48));
  CHECK(archive.substr(257, 8) == std::string("ustar\00000", 8));
}

TEST_CASE("tar: one that is cut off or damaged anywhere is refused, never misread") {
  const auto archive = encodeTar({{"a", "hello"}, {"b", std::string(600, 'y')}});
  for (std::size_t size = 0; size < archive.size() - 1024; ++size) {
    const auto files = decodeTar(std::string_view(archive).substr(0, size));
    CHECK_FALSE((files && files->size() == 2 && size < archive.size() - 1024));
  }
  auto damaged = archive;
  damaged[0] = 'b';
  CHECK_FALSE(decodeTar(damaged));
  CHECK_FALSE(decodeTar("garbage"));
  CHECK_FALSE(decodeTar(""));
}

}  // namespace cluster_lab::wire
