#include "unit/board/machine_tree.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>

namespace cluster_lab::board::test {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

MachineTree::MachineTree() {
  std::string name = (fs::temp_directory_path() / "board-test-XXXXXX").string();
  root_ = mkdtemp(name.data());
}

MachineTree::~MachineTree() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

MachineTree& MachineTree::put(const std::string& file, std::string_view content) {
  fs::create_directories((root_ / file).parent_path());
  std::ofstream(root_ / file, std::ios::binary) << content;
  return *this;
}

std::string MachineTree::content(const std::string& file) const {
  std::ifstream stream(root_ / file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void makePi4(MachineTree& machine) {
  machine.put("sys/firmware/devicetree/base/model", "Raspberry Pi 4 Model B Rev 1.4\0"sv)
      .put("sys/firmware/devicetree/base/serial-number", "10000000a1b2c3d4\0"sv)
      .put("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
      .put("sys/class/thermal/thermal_zone0/temp", "48312\n")
      .put("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n")
      .put("sys/block/mmcblk0/device/name", "SC32G\n")
      .put("sys/block/mmcblk0/device/date", "06/2019\n")
      .put("sys/fs/ext4/mmcblk0p2/errors_count", "0\n")
      .put("sys/class/leds/ACT/trigger",
           "none kbd-scrolllock timer heartbeat default-on [mmc0] gpio\n")
      .put("proc/meminfo",
           "MemTotal:        3884360 kB\nMemFree:          101000 kB\n"
           "MemAvailable:    3251200 kB\nBuffers:           20000 kB\n");
}

void makeComputeModule(MachineTree& machine) {
  machine.put("sys/firmware/devicetree/base/model", "Raspberry Pi Compute Module 4 Rev 1.0\0"sv)
      .put("sys/firmware/devicetree/base/serial-number", "100000000badcafe\0"sv)
      .put("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
      .put("sys/class/thermal/thermal_zone0/temp", "61000\n")
      .put("sys/class/hwmon/hwmon0/name", "cpu_thermal\n")
      .put("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
      .put("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n")
      .put("sys/block/mmcblk0boot0/device/name", "wrong\n")
      .put("sys/block/mmcblk0/device/name", "BJTD4R\n")
      .put("sys/block/mmcblk0/device/date", "03/2021\n")
      .put("sys/block/mmcblk0/device/life_time", "0x01 0x0a\n")
      .put("sys/block/mmcblk0/device/pre_eol_info", "0x02\n")
      .put("sys/fs/ext4/mmcblk0p1/errors_count", "2\n")
      .put("sys/fs/ext4/mmcblk0p2/errors_count", "3\n")
      .put("sys/class/leds/led0/trigger", "none [mmc0] timer\n")
      .put("proc/meminfo", "MemTotal:         437036 kB\nMemAvailable:     201000 kB\n");
}

}  // namespace cluster_lab::board::test
