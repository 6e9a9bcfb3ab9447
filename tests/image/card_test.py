#!/usr/bin/env python3
"""What the image does with cluster-lab.conf of the FAT partition, on this machine: the scripts take a root folder."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from cases import case, check, equal, run_all
from fake_root import IMAGE, FakeRoot

HASH = "$6$saltsalt$" + "x" * 86
KEY = "ssh-ed25519 " + "A" * 68 + " you@home"
WIFI = "etc/wpa_supplicant/wpa_supplicant-wlan0.conf"
DAEMON_FILE = "run/cluster-lab-card/cluster-lab.conf"
LED = "board.led = no".split()
MISTAKES = "run/cluster-lab-card/mistakes"


def shadow_of(root, user):
    return next(line.split(":")[1] for line in root.read("etc/shadow").splitlines() if line.startswith(user + ":"))


def expect_mistake(card, told):
    """This file has that mistake, which is told in the log, before the prompt and at a login."""
    with FakeRoot() as root:
        log = root.boot(card)
        equal(root.read(MISTAKES), told + "\n", f"mistakes of {card!r}")
        equal(log, f"<3>{told}\n", "log")
        check(told in root.read("run/issue.d/cluster-lab.issue"), "not before the prompt")
        check(told in root.read("run/motd.d/cluster-lab"), "not at a login")


@case("card: the file as it is flashed sets nothing, has no mistake, and makes the user pi who cannot log in")
def _():
    with FakeRoot() as root:
        equal(root.boot((IMAGE / "boot/firmware/cluster-lab.conf").read_text()), "", "told")
        check("\npi:x:1000:" in root.read("etc/passwd"), "no user pi")
        equal(shadow_of(root, "pi"), "!", "password")
        equal(root.read(DAEMON_FILE).strip().replace("\n", ""), "", "the daemon's lines")
        check(not (root.path / WIFI).exists(), "Wi-Fi out of nothing")


@case("card: every key that the flashed file shows is one that is known, and its example is right")
def _():
    shown = (IMAGE / "boot/firmware/cluster-lab.conf").read_text()
    lines = [line[1:] if line.startswith("#") and " = " in line and "." in line.split(" = ")[0] and " " not in
             line.split(" = ")[0] else line for line in shown.splitlines()]
    lines = [KEY.join(["user.ssh-key = ", ""]) if line.startswith("user.ssh-key") else line for line in lines]
    lines = [f"user.password-hash = {HASH}" if line.startswith("user.password-hash") else line for line in lines]
    with FakeRoot() as root:
        equal(root.boot("\n".join(lines)), "", "told")
        equal(root.read("etc/hostname"), "kitchen\n", "host name")
        check("link.parent = wlan0" in root.read(DAEMON_FILE), "the daemon's keys are missing")


@case("card: name, password, keys, Wi-Fi and cluster are set from a file of Windows with a byte order mark")
def _():
    text = "\r\n".join(["\ufeffhost.name = kitchen", "user.name = ada", f"user.password-hash = {HASH}",
                        f"user.ssh-key = {KEY}", f"user.ssh-key = {KEY}2", "wifi.ssid = our #1 \"net\"",
                        "wifi.password = a#b\"c def", "wifi.country = DE", "cluster.id = school", "link.kind = vxlan"])
    with FakeRoot() as root:
        equal(root.boot(text.encode()), "", "told")
        equal(root.read("etc/hostname"), "kitchen\n", "host name")
        check("127.0.1.1 kitchen\n" in root.read("etc/hosts"), "the name has no address")
        equal(shadow_of(root, "ada"), HASH, "password")
        equal(root.read("home/ada/.ssh/authorized_keys"), f"{KEY}\n{KEY}2\n", "keys")
        equal((root.path / "home/ada/.ssh/authorized_keys").stat().st_mode & 0o777, 0o600, "mode of the keys")
        wifi = root.read(WIFI)
        check("country=DE\n" in wifi and '  psk="a#b"c def"\n' in wifi, wifi)
        check(f"  ssid={'our'.encode().hex()}\n" in wifi, f"a comment after a blank is part of the name: {wifi}")
        equal((root.path / WIFI).stat().st_mode & 0o777, 0o600, "mode of the Wi-Fi password")
        equal(root.read(DAEMON_FILE), "\n" * 8 + "cluster.id = school\nlink.kind = vxlan\n", "the daemon's lines")


@case("card: without a name it is pi- and the end of the serial number, else of the network card's address")
def _():
    with FakeRoot() as root:
        root.write("sys/class/net/eth0/address", "b8:27:eb:12:34:56\n")
        root.boot("")
        equal(root.read("etc/hostname"), "pi-3456\n", "by the network card")
        root.write("sys/firmware/devicetree/base/serial-number", "10000000ABCD3F2A\0")
        root.boot()
        equal(root.read("etc/hostname"), "pi-3f2a\n", "in another board")


@case("card: a name that was given to the running machine stays until the file names one")
def _():
    with FakeRoot() as root:
        root.boot("")
        root.write("etc/hostname", "attic\n")
        root.boot()
        equal(root.read("etc/hostname"), "attic\n", "after a boot")
        root.boot("host.name = cellar\n")
        equal(root.read("etc/hostname"), "cellar\n", "after an edit")


@case("card: a password that was changed since stays; an edit of the file is carried out")
def _():
    with FakeRoot() as root:
        card = f"user.password-hash = {HASH}\n"
        root.boot(card)
        changed = root.read("etc/shadow").replace(HASH, "$6$other")
        root.write("etc/shadow", changed)
        root.boot()
        equal(shadow_of(root, "pi"), "$6$other", "after a boot with the same file")
        root.boot(card + "# edited\n")
        equal(shadow_of(root, "pi"), HASH, "after an edit")


@case("card: a card whose hostname and hosts files are lost gets new ones")
def _():
    with FakeRoot() as root:
        root.write("sys/class/net/eth0/address", "b8:27:eb:12:34:56\n")
        for name in ("hostname", "hosts"):
            (root.path / "etc" / name).unlink()
        root.boot("")
        equal(root.read("etc/hostname"), "pi-3456\n", "host name")
        equal(root.read("etc/hosts"), "127.0.1.1 pi-3456\n", "hosts")


@case("card: a Wi-Fi that is taken out of the file is forgotten")
def _():
    with FakeRoot() as root:
        root.boot("wifi.ssid = net\nwifi.password = secret-secret\n")
        check((root.path / WIFI).exists(), "no Wi-Fi")
        root.boot("\n")
        check(not (root.path / WIFI).exists(), "still there")


@case("card: a mistake names its line; the other lines count")
def _():
    at = "/boot/firmware/cluster-lab.conf"
    expect_mistake("\nhost.name = My Pi\n", f"{at}:2: host.name = My Pi: expected small letters, digits and \"-\" inside")
    expect_mistake("host.nam = pi\n", f"{at}:1: unknown key 'host.nam': expected host.name")
    expect_mistake("wifi.ssid = a\nwifi.password = short\n", f"{at}:2: wifi.password: expected 8 to 63 characters")
    expect_mistake("wifi.password = long-enough\n", f"{at}: wifi.ssid is missing: there will be no Wi-Fi")
    expect_mistake("user.name = daemon\n", f"{at}: user.name = daemon is a user of the system's: expected another name")
    expect_mistake("host.name = a\nhost.name = b\n", f"{at}:2: host.name is given again")
    expect_mistake("user.password-hash = secret\n",
                   f"{at}:1: user.password-hash: expected what \"openssl passwd -6\" prints")
    expect_mistake("user.ssh-key = no key\n", f"{at}:1: user.ssh-key = no key: expected a public key, as in ssh-ed25519 AAAA...")
    with FakeRoot() as root:
        root.boot("host.name = a b\nuser.name = ada\n")
        check("\nada:" in root.read("etc/passwd"), "the line after the mistake was lost")


@case("card: a user who cannot be is told at each boot, and keeps no Wi-Fi from being set")
def _():
    with FakeRoot() as root:
        for _ in range(2):
            told = root.boot("user.name = daemon\nwifi.ssid = net\n")
            check("daemon is a user of the system's" in told, f"told: {told}")
            check((root.path / WIFI).exists(), "no Wi-Fi")


@case("card: a mistake in the daemon's keys is told in its words, and the others reach it")
def _():
    with FakeRoot() as root:
        told = root.boot("host.name = a\nlink.knd = vxlan\ncluster.id = school\nregistry.port = many\nnonsense\n")
        check("/boot/firmware/cluster-lab.conf:2: unknown key 'link.knd': did you mean 'link.kind'?" in told, told)
        check("cluster-lab.conf:4: registry.port" in told and "cluster-lab.conf:5: 'nonsense'" in told, told)
        equal(root.read(DAEMON_FILE).split(), ["cluster.id", "=", "school", *LED], "the daemon's lines")


@case("card: keys that contradict each other are told and left out")
def _():
    with FakeRoot() as root:
        told = root.boot("registry.port = 8500\nscheduler.port = 8500\n")
        check("cluster-lab.conf:2: registry and scheduler both on port 8500" in told, told)
        equal(root.read(DAEMON_FILE).split(), ["registry.port", "=", "8500", *LED], "the daemon's lines")


@case("card: a file of random bytes, and none at all, are told and stop nothing")
def _():
    for content in (bytes(range(256)) * 8, b"\xff" * 5000, b"=\n=\r\n = x\n", b"host.name"):
        with FakeRoot() as root:
            told = root.boot(content)
            check(told or content.startswith(b"="), f"not told: {content[:9]!r}")
            check(root.read("etc/hostname").startswith("pi-"), "no host name")
    with FakeRoot() as root:
        check("cannot be read" in root.boot(), "a missing file was not told")


@case("card: a mistake that was corrected is no longer told")
def _():
    with FakeRoot() as root:
        root.boot("host.name = A\n")
        equal(root.boot("host.name = a\n"), "", "told")
        equal(root.read(MISTAKES), "", "mistakes")
        check(not (root.path / "run/motd.d/cluster-lab").exists(), "still told at a login")


@case("card: the ACT LED blinks quickly where there is a mistake, and the daemon leaves it alone")
def _():
    with FakeRoot() as root:
        root.boot("host.name = A\nboard.led = yes\n")
        equal(root.read(DAEMON_FILE).split(), LED, "the daemon's lines")
        root.run("cluster-lab-led")
        seen = [root.read(f"sys/class/leds/ACT/{name}").strip() for name in ("trigger", "delay_on", "delay_off")]
        equal(seen, ["timer", "100", "100"], "trigger, on, off")


@case("first boot: each card gets ssh host keys of its own, and no id of Docker or of a node stays")
def _():
    prints = set()
    for _ in range(2):
        with FakeRoot() as root:
            for name in ("var/lib/docker/engine-id", "etc/docker/key.json", "var/lib/cluster-lab/node-id"):
                root.write(name, "of another card")
            root.write("etc/ssh/ssh_host_ed25519_key", "half a key")
            root.run("cluster-lab-firstboot")
            root.run("cluster-lab-ssh-keys")
            check(not (root.path / "var/lib/docker/engine-id").exists(), "Docker's id stayed")
            check(not (root.path / "etc/docker/key.json").exists(), "Docker's key stayed")
            check(not (root.path / "var/lib/cluster-lab/node-id").exists(), "the node id stayed")
            for kind in ("ed25519", "ecdsa"):
                prints.add(subprocess.check_output(["ssh-keygen", "-l", "-f", root.path / f"etc/ssh/ssh_host_{kind}_key"]))
            check((root.path / "var/lib/cluster-lab-card/first-boot-done").exists(), "would run again")
    equal(len(prints), 4, "different keys")


@case("first boot: a host key that is lost is made anew, the other one stays, and half a pair of a pulled plug goes")
def _():
    with FakeRoot() as root:
        (root.path / "etc/ssh").mkdir(parents=True)
        root.run("cluster-lab-ssh-keys")
        kept = root.read("etc/ssh/ssh_host_ecdsa_key")
        (root.path / "etc/ssh/ssh_host_ed25519_key").unlink()
        root.write("etc/ssh/new-host-keys/ssh_host_ed25519_key", "half a key")
        root.run("cluster-lab-ssh-keys")
        equal(root.read("etc/ssh/ssh_host_ecdsa_key"), kept, "the other key")
        check("PRIVATE KEY" in root.read("etc/ssh/ssh_host_ed25519_key"), "no new key")
        equal({each.name for each in (root.path / "etc/ssh").iterdir()},
              {f"ssh_host_{kind}_key{end}" for kind in ("ed25519", "ecdsa") for end in ("", ".pub")}, "files")


if __name__ == "__main__":
    run_all()
