#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cluster_lab::board::test {

/// A folder that plays / with the files of proc and sys that a test puts there; gone afterwards.
class MachineTree {
 public:
  MachineTree();
  ~MachineTree();
  MachineTree(const MachineTree&) = delete;
  MachineTree& operator=(const MachineTree&) = delete;

  MachineTree& put(const std::string& file, std::string_view content);
  [[nodiscard]] std::string content(const std::string& file) const;
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
};

/// A Raspberry Pi 4 with Raspberry Pi's own kernel. Names and forms of the files are those of that
/// kernel's sources: drivers/firmware/raspberrypi.c (get_throttled), drivers/mmc/core/sd.c,
/// Documentation/ABI/testing/sysfs-class-thermal, Documentation/admin-guide/mm; "model" and
/// "serial-number" end with NUL (Devicetree Specification section 2.3).
void makePi4(MachineTree& machine);
/// A Compute Module 4 with Debian's kernel: eMMC (Documentation/ABI/testing/sysfs-bus-mmc,
/// drivers/mmc/core/mmc.c), no get_throttled, hwmon rpi_volt (Documentation/hwmon/
/// raspberrypi-hwmon.rst).
void makeComputeModule(MachineTree& machine);

}  // namespace cluster_lab::board::test
