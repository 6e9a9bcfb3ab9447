"""Cards in machines of qemu, on a switch and a LAN of this process's own network namespace (run under unshare --net)."""
import os
import signal
import subprocess
import time

from cases import PATIENCE

FAT_OFFSET = "@@4M"
MACHINES = {
    "armhf": ["qemu-system-arm", "-M", "virt", "-cpu", "cortex-a15"],
    "arm64": ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53"],
}
# By counted instructions, of 2 ns each: a board's time goes slower where this machine is busy, and no timeout of its own
# comes to its end for that.
CLOCK = ["-accel", "tcg", "-icount", "shift=1,sleep=on"]
LAN = "10.77.0."
MODEL = "Raspberry Pi of qemu"
MEMORY = ["-m", "512"]
GPIO = "/pl061@9030000"  # the controller of qemu's virt boards, for the LED


def run(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL,
                          env=dict(os.environ, MTOOLS_SKIP_CHECK="1")).stdout


def child(*words, log):
    """A program that ends with this one at the latest."""
    with open(log, "ab") as output:
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words], stdin=subprocess.DEVNULL, stdout=output,
                                stderr=subprocess.STDOUT)


def end(process, how):
    if process and process.poll() is None:
        process.send_signal(how)
        process.wait(20)


class Switch:
    """A bridge that passes everything, VLAN tags too, and the LAN's DHCP server, as a home router has one."""

    def __init__(self, folder):
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "lan0", "type", "bridge", "mcast_snooping", "0")
        run("ip", "address", "add", LAN + "1/24", "dev", "lan0")
        run("ip", "link", "set", "lan0", "up")
        self._router = child("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--no-ping",
                             "--interface=lan0", "--bind-interfaces", f"--dhcp-range={LAN}1,static", "--dhcp-authoritative",
                             *[f"--dhcp-host={mac(number)},{LAN}{10 + number}" for number in (1, 2)],
                             f"--dhcp-leasefile={folder}/leases", log=folder / "router.log")

    def port(self, number):
        """A socket of the switch, for one guest."""
        name = f"port{number}"
        run("ip", "tuntap", "add", name, "mode", "tap")
        run("ip", "link", "set", name, "master", "lan0", "up")
        return name

    def close(self):
        end(self._router, signal.SIGTERM)


def mac(number):
    return f"b8:27:eb:12:34:{number:02x}"


def serial(number):
    return f"1000000012343f{number:02x}"


def make_device_tree(architecture, number, file):
    """qemu's own with what a Raspberry Pi has beside it: model, serial number, and the ACT LED, at a GPIO."""
    run(*MACHINES[architecture], *MEMORY, "-machine", f"dumpdtb={file}", "-display", "none", "-nic", "none")
    gpio = run("fdtget", file, GPIO, "phandle").strip()
    for kind, node, name, *values in (
            ("s", "/", "model", MODEL),
            ("s", "/", "serial-number", serial(number)),
            ("s", "/leds", "compatible", "gpio-leds"),
            ("s", "/leds/led-act", "label", "ACT"),
            ("i", "/leds/led-act", "gpios", gpio, "5", "0")):
        run("fdtput", "-p", "-t", kind, file, node, name, *values)


class Guest:
    """A board with a flashed card of 3 GB, whose cluster-lab.conf is `card`. Powered on by power_on()."""

    def __init__(self, switch, architecture, image, folder, number, card):
        self.number, self.address = number, f"{LAN}{10 + number}"
        self.console = folder / f"console-{number}.log"
        self._architecture, self._folder = architecture, folder
        self._port = switch.port(number)
        self._disk = folder / f"card-{number}.img"
        self._process = None
        run("cp", "--sparse=always", image, self._disk)
        os.truncate(self._disk, 3 << 30)
        self._read_boot_files()
        make_device_tree(architecture, number, self._boot / "board.dtb")
        settings = folder / f"card-{number}.conf"
        settings.write_bytes(card.encode())
        run("mcopy", "-o", "-i", f"{self._disk}{FAT_OFFSET}", settings, "::/cluster-lab.conf")

    def _read_boot_files(self):
        """qemu boots what the firmware of a board would: kernel, initial RAM disk, command line of the FAT partition."""
        self._boot = self._folder / f"boot-{self.number}"
        self._boot.mkdir()
        for name in ("vmlinuz-*", "initrd.img-*", "cmdline.txt"):
            run("mcopy", "-i", f"{self._disk}{FAT_OFFSET}", f"::/{name}", self._boot)

    def _file(self, pattern):
        return str(next(self._boot.glob(pattern)))

    def power_on(self):
        self.powered = time.monotonic()
        command_line = (self._boot / "cmdline.txt").read_text().strip() + " console=ttyAMA0"
        self._process = child(
            *MACHINES[self._architecture], *CLOCK, *MEMORY, "-dtb", str(self._boot / "board.dtb"), "-no-reboot",
            "-display", "none", "-monitor", "none", "-serial", f"file:{self.console}",
            "-kernel", self._file("vmlinuz-*"), "-initrd", self._file("initrd.img-*"), "-append", command_line,
            "-drive", f"if=none,id=card,file={self._disk},format=raw", "-device", "virtio-blk-device,drive=card",
            "-netdev", f"tap,id=lan,ifname={self._port},script=no,downscript=no",
            "-device", f"virtio-net-device,netdev=lan,mac={mac(self.number)}", log=self._folder / f"qemu-{self.number}.log")

    def is_on(self):
        return self._process is not None and self._process.poll() is None

    def pull_the_plug(self):
        end(self._process, signal.SIGKILL)

    def ssh(self, command):
        """What the command prints, run as the user pi."""
        done = subprocess.run(
            ["ssh", "-i", self._folder / "key", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
             "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", f"pi@{self.address}", command],
            capture_output=True, text=True, timeout=120 * PATIENCE, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise OSError(f"{command}: status {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout.strip()
