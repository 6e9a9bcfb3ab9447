"""A card's root file system in a temporary folder, as much of it as the image's scripts touch."""
import shutil
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
IMAGE = TOP / "image" / "rootfs"
DAEMON = TOP / "build" / "src" / "daemon" / "cluster-labd"
FILES = {
    "etc/passwd": "root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/bin/false\n",
    "etc/group": "root:x:0:\nadm:x:4:\nsudo:x:27:\nsystemd-journal:x:101:\n",
    "etc/shadow": "root:!:19000::::::\ndaemon:*:19000::::::\n",
    "etc/hostname": "localhost\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "etc/machine-id": "00112233445566778899aabbccddeeff\n",
    "sys/class/leds/ACT/trigger": "mmc0\n",
    "sys/class/leds/ACT/delay_on": "",
    "sys/class/leds/ACT/delay_off": "",
}


class FakeRoot:
    """Use as a context; the scripts of the image run in it by run()."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="cluster-lab-card-"))
        for name, text in FILES.items():
            self.write(name, text)
        (self.path / "usr/sbin").mkdir(parents=True)
        (self.path / "usr/lib").mkdir()
        (self.path / "usr/lib/cluster-lab-image").symlink_to(IMAGE / "usr/lib/cluster-lab-image")
        (self.path / "usr/sbin/cluster-labd").symlink_to(DAEMON)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def write(self, name, content):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(self, name):
        """The file's text; nothing where there is none."""
        file = self.path / name
        return file.read_text() if file.exists() else ""

    def run(self, script):
        """What a script of the image prints; it must not fail."""
        return subprocess.run(["sh", IMAGE / "usr/sbin" / script, self.path], check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def boot(self, card=None):
        """One boot with this text as the card's file; what was told about it."""
        if card is not None:
            self.write("boot/firmware/cluster-lab.conf", card)
        return self.run("cluster-lab-card")
