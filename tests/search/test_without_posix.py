"""Where POSIX is missing (Windows), the engine and a gallery in memory work; the rest says so.

This is an interpreter without what Windows lacks, not Windows.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CODE = """
import json, os, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "resource", "pwd", "grp", "termios"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
for name in (
    "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "pread", "pwrite", "fork", "fdatasync",
    "getuid", "register_at_fork", "sched_getaffinity", "posix_fadvise", "fchmod", "chown",
):
    vars(os).pop(name, None)
os.supports_dir_fd.clear()

import numpy as np
import civid
from civid import FingerImage, Gallery, Position

y, x = np.mgrid[:400, :320].astype(float)
random = np.random.default_rng(1)
phase = 2 * np.pi * x / 9
for across, down in random.uniform((60, 60), (260, 340), (30, 2)):
    phase += random.choice((-1, 1)) * np.arctan2(y - down, x - across)
picture = (128 + 90 * np.sin(phase)).astype(np.uint8)
template = civid.extract(FingerImage(picture, 500))
gallery = Gallery()
gallery.enroll("a", {Position.RIGHT_INDEX: template})
(found,) = gallery.search({Position.RIGHT_INDEX: template}, 1)
try:
    Gallery.open(sys.argv[1])
    said = "opened"
except civid.UnavailableError as error:
    said = str(error)
print(json.dumps([len(template), found.subject_id, said]))
"""


def test_the_engine_works_and_a_gallery_on_disk_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(folder)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    minutiae, found, said = json.loads(done.stdout)
    assert minutiae > 10
    assert found == "a"
    assert said.startswith("a gallery on disk needs a POSIX system")
    assert not folder.exists()
