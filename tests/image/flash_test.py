#!/usr/bin/env python3
"""image/flash against files that stand for /sys, /proc and cards."""
import importlib.machinery
import importlib.util
import lzma
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests/support"))
from cases import case, check, equal, run_all

_loader = importlib.machinery.SourceFileLoader("flash", str(TOP / "image/flash"))
flash = importlib.util.module_from_spec(importlib.util.spec_from_loader("flash", _loader))
sys.dont_write_bytecode = True
_loader.exec_module(flash)

CONTENT = bytes(range(256)) * 40000  # 10 MB
NONE = "no refusal"


class Machine:
    """A root folder with one card, sdx, of `size` bytes and a partition; files may be replaced by `facts`."""

    def __init__(self, size=16 << 20, **facts):
        self._folder = tempfile.TemporaryDirectory(prefix="cluster-lab-flash-")
        self.root = Path(self._folder.name)
        told = {"sys/block/sdx/removable": "1", "sys/block/sdx/size": str(size // 512), "sys/block/sdx/dev": "8:16",
                "sys/block/sdx/device/model": "Reader", "sys/block/sdx/sdx1/dev": "8:17",
                "proc/self/mountinfo": "22 1 8:1 / / rw - ext4 /dev/sda1 rw", "proc/swaps": "Filename Type"}
        told.update({name.replace("__", "/"): text for name, text in facts.items()})
        for name, text in told.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text + "\n")
        self.card = self.root / "dev/sdx"
        self.card.parent.mkdir()
        self.card.write_bytes(b"\xaa" * size)

    def device(self):
        return flash.Device(self.card, self.root)

    def image(self, name="card.img"):
        file = self.root / name
        file.write_bytes(lzma.compress(CONTENT, preset=0) if name.endswith(".xz") else CONTENT)
        return file

    def refusal(self, image=None, answer=True):
        """Why flash refuses; nothing is written then."""
        before = self.card.read_bytes()
        try:
            flash.flash(image or self.image(), self.device(), lambda question: answer)
            return NONE
        except flash.Refused as wrong:
            equal(self.card.read_bytes(), before, "the card")
            return str(wrong)


@case("flash: an image, packed or not, is on the card afterwards, and the rest of the card is left alone")
def _():
    for name in ("card.img", "card.img.xz"):
        machine = Machine()
        equal(machine.refusal(machine.image(name)), NONE, "refusal")
        check(machine.card.read_bytes().startswith(CONTENT), "another content")
        check(set(machine.card.read_bytes()[len(CONTENT):]) == {0xaa}, "written beyond the image")


@case("flash: what is not removable is refused, eMMC too; an SD card in the machine's own reader is not")
def _():
    check("not removable" in Machine(sys__block__sdx__removable="0").refusal(), "a fixed disk")
    fixed = {"sys__block__sdx__removable": "0"}
    check("not removable" in Machine(**fixed, sys__block__sdx__device__type="MMC").refusal(), "eMMC")
    equal(Machine(**fixed, sys__block__sdx__device__type="SD").refusal(), NONE, "SD")


@case("flash: what is mounted, swapped to or part of another device is refused, with the place")
def _():
    mounted = "22 1 8:17 / /media/card rw - vfat /dev/sdx1 rw"
    check("mounted on /media/card" in Machine(proc__self__mountinfo=mounted).refusal(), "mounted")
    check("swap" in Machine(proc__swaps="Filename Type\n/dev/sdx1 partition").refusal(), "swap")
    check("part of dm-0" in Machine(sys__block__sdx__sdx1__holders__dm_0="").refusal().replace("_", "-"), "LVM")


@case("flash: a partition, a file and a card that is too small are refused")
def _():
    machine = Machine()
    try:
        flash.flash(machine.image(), flash.Device("/dev/sdx1", machine.root), lambda question: True)
        check(False, "a partition was taken")
    except flash.Refused as wrong:
        check("no whole device" in str(wrong), str(wrong))
    check("too small" in Machine(size=4 << 20).refusal(), "a small card")


@case("flash: nothing is written without a yes, nor when the card was mounted while it asked")
def _():
    equal(Machine().refusal(answer=False), "nothing written", "without a yes")
    machine = Machine()
    def mount_meanwhile(_question):
        (machine.root / "proc/self/mountinfo").write_text("22 1 8:17 / /media/card rw - vfat /dev/sdx1 rw\n")
        return True
    try:
        flash.flash(machine.image(), machine.device(), mount_meanwhile)
        check(False, "written to a mounted card")
    except flash.Refused as wrong:
        check("mounted on /media/card" in str(wrong), str(wrong))


@case("flash: a card that keeps other bytes than were written is told, and so is a damaged download")
def _():
    machine = Machine()
    good = flash.write
    def forgetful(image, path, total):
        digest = good(image, path, total)
        with open(path, "rb+") as card:
            card.seek(total - 1)
            card.write(b"\x00")
        return digest
    flash.write = forgetful
    try:
        machine.refusal()
        check(False, "not noticed")
    except OSError as wrong:
        check("does not hold what was written" in str(wrong), str(wrong))
    finally:
        flash.write = good
    image = machine.image("torn.img.xz")
    image.write_bytes(image.read_bytes()[:-100])
    before = machine.card.read_bytes()
    try:
        flash.flash(image, machine.device(), lambda question: True)
        check(False, "a torn image was taken")
    except (EOFError, lzma.LZMAError):
        equal(machine.card.read_bytes(), before, "the card")


@case("flash: the list has removable devices with a card in them alone")
def _():
    machine = Machine(sys__block__sdy__removable="1", sys__block__sdy__size="0", sys__block__sda__removable="0",
                      sys__block__sda__size="1000")
    equal([device.name for device in flash.removable(machine.root)], ["sdx"], "removable devices")


if __name__ == "__main__":
    run_all()
