#include "cli/style.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::cli {

TEST_CASE("style: columns are as wide as their widest cell, without blanks at line ends") {
  const std::vector<Row> rows = {
      {{"NAME"}, {"ROLE"}, {"NOTE"}}, {{"pi-10"}, {"leader"}, {""}}, {{"Küche"}, {""}, {"silent"}}};
  CHECK(renderTable(rows, Style(false), 1) ==
        " NAME   ROLE    NOTE\n"
        " pi-10  leader\n"
        " Küche          silent\n");
}

TEST_CASE("style: colour is put around the text only where it is wanted") {
  CHECK(Style(true).paint(Tone::Good, "fine") == "\033[32mfine\033[0m");
  CHECK(Style(false).paint(Tone::Good, "fine") == "fine");
  CHECK(Style(true).paint(Tone::Plain, "fine") == "fine");
}

TEST_CASE("style: colour does not count as width") {
  const std::vector<Row> rows = {{{"a", Tone::Bad}, {"x"}}, {{"bbb"}, {"y"}}};
  CHECK(renderTable(rows, Style(true)) == "\033[1;31ma\033[0m    x\nbbb  y\n");
}

}  // namespace cluster_lab::cli
