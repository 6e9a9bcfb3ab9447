#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

namespace cluster_lab::sim {

/// Random numbers that are the same everywhere for the same seed (SplitMix64).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    auto z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// Uniform in [0, bound).
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(next() % bound); }
  int between(int least, int most) {
    return least + static_cast<int>(below(static_cast<std::uint32_t>(most - least + 1)));
  }
  bool percent(unsigned likely) { return below(100) < likely; }
  bool perMille(unsigned likely) { return below(1000) < likely; }
  Duration between(Duration least, Duration most) {
    const auto range = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + Duration(static_cast<Duration::rep>(next() % range));
  }

 private:
  std::uint64_t state_;
};

}  // namespace cluster_lab::sim
