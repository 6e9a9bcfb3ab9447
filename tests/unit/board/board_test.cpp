#include "board/board.hpp"

#include <doctest/doctest.h>

#include "unit/board/machine_tree.hpp"

namespace cluster_lab::board::test {

TEST_CASE("board: a Pi 4 with Raspberry Pi's kernel tells all that it has") {
  MachineTree machine;
  makePi4(machine);
  const auto facts = readFacts(machine.root());
  REQUIRE(facts);
  CHECK(facts->model == "Raspberry Pi 4 Model B Rev 1.4");
  CHECK(facts->serial == "10000000a1b2c3d4");
  CHECK(facts->card == "SC32G, made 06/2019");
  CHECK(facts->memoryBytes == std::uint64_t{3884360} * 1024);
  const auto readings = readReadings(machine.root());
  CHECK(*readings.celsius == doctest::Approx(48.312));
  CHECK((readings.throttling == Throttling{.now = 0, .sinceBoot = 5}));
  CHECK(readings.memory->availableBytes == std::uint64_t{3251200} * 1024);
  CHECK(readings.card == CardHealth{.usedPercent = {}, .preEndOfLife = {}, .errors = 0});
}

TEST_CASE("board: a Compute Module with Debian's kernel tells its eMMC's age and the voltage") {
  MachineTree machine;
  makeComputeModule(machine);
  CHECK(readFacts(machine.root())->card == "BJTD4R, made 03/2021");
  const auto readings = readReadings(machine.root());
  CHECK(*readings.celsius == doctest::Approx(61.0));
  CHECK((readings.throttling == Throttling{.now = Throttling::kUnderVoltage, .sinceBoot = 0}));
  CHECK(readings.card ==
        CardHealth{.usedPercent = 100, .preEndOfLife = PreEndOfLife::Warning, .errors = 5});
}

TEST_CASE("board: a PC is none") {
  MachineTree machine;
  machine.put("sys/class/thermal/thermal_zone0/type", "acpitz\n")
      .put("proc/meminfo", "MemTotal: 2048 kB\n");
  CHECK_FALSE(readFacts(machine.root()));
}

TEST_CASE("board: what cannot be read or understood is left out") {
  MachineTree machine;
  machine.put("sys/firmware/devicetree/base/model", "Board")
      .put("sys/class/thermal/thermal_zone0/type", "cpu-thermal")
      .put("sys/class/thermal/thermal_zone0/temp", "N/A")
      .put("sys/devices/platform/soc/soc:firmware/get_throttled", "\xff\n");
  CHECK(readFacts(machine.root()).value() ==
        Facts{.model = "Board", .serial = "", .card = "", .memoryBytes = 0});
  CHECK(readReadings(machine.root()) == Readings{});
}

}  // namespace cluster_lab::board::test
