#include "board/readings.hpp"

#include <doctest/doctest.h>

namespace cluster_lab::board {
namespace {

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("board readings: throttling is told for now and for since the boot") {
  const auto told = parseThrottling("50005\n").value();
  CHECK(wordsOf(told.now) == Words{"under-voltage", "throttled"});
  CHECK(wordsOf(told.sinceBoot) == Words{"under-voltage", "throttled"});
  CHECK(wordsOf(parseThrottling("0xe0008").value().sinceBoot) ==
        Words{"frequency capped", "throttled", "soft temperature limit"});
  CHECK(parseThrottling("0").value() == Throttling{});
  CHECK_FALSE(parseThrottling(""));
  CHECK_FALSE(parseThrottling("throttled=0x0"));
  CHECK_FALSE(parseThrottling("fffffffff"));
}

TEST_CASE("board readings: temperatures are thousandths of a degree") {
  CHECK(parseCelsius("48312\n").value() == doctest::Approx(48.312));
  CHECK(parseCelsius("-5000").value() == doctest::Approx(-5.0));
  CHECK_FALSE(parseCelsius("warm"));
  CHECK_FALSE(parseCelsius(""));
}

TEST_CASE("board readings: memory that is free is what programs could get") {
  const auto memory = parseMemory("MemTotal: 2048 kB\nMemFree: 1 kB\nMemAvailable: 1024 kB\n");
  CHECK(memory.value() == Memory{.totalBytes = 2097152, .availableBytes = 1048576});
  CHECK_FALSE(parseMemory("MemFree: 1 kB\n"));
  CHECK_FALSE(parseMemory("MemTotal: many kB\n"));
  CHECK_FALSE(parseMemory("MemTotal: kB"));
}

TEST_CASE("board readings: of a card's two kinds of memory the more used one counts") {
  CHECK((parseLifeTime("0x01 0x03\n") == 30U));
  CHECK((parseLifeTime("0x0b 0x00") == 110U));
  CHECK_FALSE(parseLifeTime("0x00 0x00"));
  CHECK_FALSE(parseLifeTime("0xff 0x01"));
  CHECK_FALSE(parseLifeTime(""));
  CHECK((parsePreEndOfLife("0x01\n") == PreEndOfLife::Normal));
  CHECK((parsePreEndOfLife("0x03") == PreEndOfLife::Urgent));
  CHECK_FALSE(parsePreEndOfLife("0x00"));
  CHECK_FALSE(parsePreEndOfLife("soon"));
}

TEST_CASE("board problems: a board that is well, or says nothing, has none") {
  Readings well{.celsius = 48.0, .throttling = Throttling{}, .memory = {}, .card = {}};
  well.card = {.usedPercent = 10, .preEndOfLife = PreEndOfLife::Normal, .errors = 0};
  for (const auto& readings : {Readings{}, well}) {
    for (const auto& [code, problem] : problemsOf(readings)) {
      INFO(code);
      CHECK_FALSE(problem);
    }
  }
}

TEST_CASE("board problems: low voltage is told as long as the board is up, heat while it lasts") {
  Readings readings;
  readings.throttling = parseThrottling("50000").value();
  CHECK(problemsOf(readings)["under_voltage"]->message ==
        "the power supply gave too little voltage at times since the boot");
  CHECK_FALSE(problemsOf(readings)["too_hot"]);
  readings.throttling = parseThrottling("50005").value();
  readings.celsius = 84.6;
  CHECK(problemsOf(readings)["under_voltage"]->message ==
        "the power supply gives too little voltage");
  CHECK(problemsOf(readings)["too_hot"]->message == "the processor is slowed down at 85 °C");
}

TEST_CASE("board problems: a card that is worn out or has met errors is told") {
  Readings readings;
  readings.card.usedPercent = 80;
  CHECK_FALSE(problemsOf(readings)["card_worn"]);
  readings.card.usedPercent = 90;
  CHECK(problemsOf(readings)["card_worn"]);
  readings.card.usedPercent = 10;
  readings.card.preEndOfLife = PreEndOfLife::Warning;
  CHECK(problemsOf(readings)["card_worn"]);
  readings.card.errors = 3;
  CHECK(problemsOf(readings)["card_errors"]->message == "the card's file system has met 3 errors");
}

}  // namespace cluster_lab::board
