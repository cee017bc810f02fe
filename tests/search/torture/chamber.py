"""What is done to galleries, round by round, and whether any of it lost or changed an answer."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from civid import CividError, GalleryDamagedError, GalleryKeyError, GalleryStorageError
from civid.search import Gallery
from civid.search.segments.keys import StaticKeyProvider

from ..prints import person
from ..store.test_crash import WRITER, Model, holds, killed
from ..store.test_moved import HOWS
from . import power

KEYS = StaticKeyProvider({"k": bytes(32)})
#: How a round may end badly.
BAD = ("lost", "wrong", "untyped")

State = dict[str, int]


def keys_of(path: Path) -> StaticKeyProvider | None:
    return KEYS if path.name == "sealed" else None


def enrol(gallery: Gallery, name: str, seed: int) -> None:
    gallery.enroll(name, person(seed, 2, 7, count=12))


def examine(gallery: Gallery, allowed: list[State]) -> str:
    """How a round ended, by what a gallery gives back; "" = well."""
    held = {name: gallery.get(name) for name in gallery}
    state = next((one for one in allowed if holds(held, one)), None)
    if state is None:
        return "lost" if all(one.keys() - held.keys() for one in allowed) else "wrong"
    for name in list(state)[-2:]:
        # A replaced subject's namesakes have the same fingers: the score decides, not the order.
        if gallery.search(held[name], 1)[0].score < 60:
            return "wrong"
    return ""


def reopened(path: Path, allowed: list[State]) -> str:
    """What is there, for a writer and then for a reader."""
    for read_only in (False, True):
        with Gallery.open(path, keys=keys_of(path), read_only=read_only) as gallery:
            gallery.check_integrity()
            if ended := examine(gallery, allowed):
                return ended
    return ""


# ---- each yields how its rounds ended


def kills(path: Path, choose: random.Random) -> Iterator[str]:
    """kill -9 at random moments."""
    model = Model()
    for number in range(1, 1000):
        lines = killed(WRITER, path, number, choose)
        allowed = model.follow([line for line in lines if line[:4] != "open"])
        yield reopened(path, allowed)
        with Gallery.open(path, read_only=True, keys=keys_of(path)) as gallery:
            held = {name: gallery.get(name) for name in gallery}
            model.known = dict(next(one for one in allowed if holds(held, one)))


def power_cuts(path: Path, choose: random.Random) -> Iterator[str]:
    """The calls of a writer, replayed up to a moment; then what a disk may have kept of them."""
    if power.library() is None:
        return
    root = path.parent / f"run {choose.random()}"
    run = root / path.name
    run.mkdir(parents=True)
    record, said = root.with_suffix(".record"), root / "said"
    with said.open("wb") as out:
        watched = power.environment(root, record=str(record))
        seed = str(choose.randrange(1, 1 << 20))
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(run), seed],
                                  stdout=out, env=watched)  # fmt: skip
    with writer:
        until = time.monotonic() + 60
        while said.read_bytes().count(b"done") < 40 and time.monotonic() < until:
            time.sleep(0.05)
        writer.kill()
    disk = power.Disk(said)
    found = list(power.calls(record))
    cuts = set(choose.sample(range(len(found)), min(len(found), 400)))
    for at, call in enumerate(found):
        disk.follow(call)
        if at not in cuts:
            continue
        text = disk.names[str(said).encode()].now()
        lines = text[: text.rfind(b"\n") + 1].decode().splitlines()
        allowed = Model().follow([line for line in lines if line[:4] != "open"])
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        for name, data in disk.after_a_cut(choose).items():
            if name.startswith(str(run).encode() + b"/") and not name.endswith(b"-shm"):
                (path / Path(name.decode()).name).write_bytes(data)
        yield reopened(path, allowed)


#: Changes a gallery until a call fails; says what it does, and what is in it after a failure.
FAILS = """
import faulthandler, logging
faulthandler.dump_traceback_later(60, exit=True)
logging.disable()  # the background writes while the traceback is written, into the middle of a line
""" + WRITER.replace("while True:\n", "while step < seed * 1000 + 30:\n")


def failing_calls(path: Path, choose: random.Random) -> Iterator[str]:
    """A full disk or a bad block: one call fails, or that one and all after it."""
    if power.library() is None:
        return
    for number in range(1, 1000):
        shutil.rmtree(path, ignore_errors=True)
        with Gallery.open(path, keys=keys_of(path)) as gallery:
            for i in range(3):
                enrol(gallery, f"{i}.0", i)
        model = Model()
        model.known = {f"{i}.0": i for i in range(3)}
        code = choose.choice([errno.ENOSPC, errno.EIO, errno.EDQUOT])
        fail = f"{choose.randrange(400)} {code} {choose.randrange(2)}"
        run = subprocess.run(
            [sys.executable, "-c", FAILS, str(path), str(number)],
            capture_output=True, text=True, env=power.environment(path, fail=fail),
        )  # fmt: skip
        allowed = model.follow([line for line in run.stdout.splitlines() if line[:4] != "open"])
        if run.returncode not in (0, 1) or (
            run.returncode and "\ncivid.errors.Gallery" not in f"\n{run.stderr}"
        ):
            print(f"call {fail}: {run.stderr}", flush=True)
            yield "untyped"
        yield reopened(path, allowed)


def full_disk(path: Path, choose: random.Random) -> Iterator[str]:
    """No file may grow beyond a size; then it may again."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number in range(1, 1000):
        shutil.rmtree(path, ignore_errors=True)
        state: State = {}
        with Gallery.open(path, keys=keys_of(path), background=False) as gallery:
            for i in range(40):
                if i == 10:
                    size = choose.randrange(20_000, 120_000)
                    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
                try:
                    if choose.random() < 0.2:
                        gallery.compact(purge=True)
                    elif choose.random() < 0.2 and state:
                        name = choose.choice(list(state))
                        gallery.remove(name)
                        del state[name]
                    else:
                        enrol(gallery, f"{i}", number * 100 + i)
                        state[f"{i}"] = number * 100 + i
                except GalleryStorageError:
                    pass
                finally:
                    if i == 30:
                        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            enrol(gallery, "last", 7)
            state["last"] = 7
            yield examine(gallery, [state])
        yield reopened(path, [state])


def damages(path: Path, choose: random.Random) -> Iterator[str]:
    """A bit is flipped; a block is zero, noise, or another one's: found, or no answer changes."""
    original = path.with_name(f"{path.name}.original")
    shutil.rmtree(original, ignore_errors=True)
    state = {f"{i}": i for i in range(60)}
    with Gallery.open(original, keys=keys_of(path), background=False) as gallery:
        for i in range(60):
            enrol(gallery, f"{i}", i)
            if i in (30, 50):
                gallery.compact()
        for name in ("3", "44", "55"):
            gallery.remove(name)
            del state[name]
    for _ in range(10_000):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(original, path)
        target = choose.choice(sorted(p for p in path.iterdir() if p.stat().st_size))
        data = bytearray(target.read_bytes())
        if choose.random() < 0.5:
            data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        else:
            block = choose.randrange(len(data) // 4096 + 1) * 4096
            other = choose.randrange(len(data) // 4096 + 1) * 4096
            size = len(data[block : block + 4096])
            kinds = [bytes(size), choose.randbytes(size), bytes(data[other : other + size])]
            data[block : block + size] = choose.choice(kinds)
        target.write_bytes(data)
        try:
            with Gallery.open(path, keys=keys_of(path), create=False, background=False,
                              read_only=choose.random() < 0.5) as gallery:  # fmt: skip
                yield examine(gallery, [state])
        except (GalleryDamagedError, GalleryKeyError):
            yield ""  # what proves the key may be what was hit: then it looks like another key


def without_locks(path: Path, choose: random.Random) -> Iterator[str]:
    """Two writers, and no lock between them: the file is gone, or ``flock`` does nothing."""
    import fcntl

    flock = fcntl.flock
    for number in range(1, 1000):
        shutil.rmtree(path, ignore_errors=True)
        state: State = {}
        if number % 2:
            fcntl.flock = lambda *_: None  # type: ignore[assignment]
        try:
            writers: list[Gallery] = []
            for step in range(24):
                if not writers or choose.random() < 0.3:
                    with suppress(FileNotFoundError):
                        if number % 2 == 0:
                            (path / "gallery.lock").unlink()
                    writers.append(Gallery.open(path, keys=keys_of(path), background=False))
                writer = choose.choice(writers)
                try:
                    if choose.random() < 0.4:
                        writer.compact(purge=choose.random() < 0.5)
                    else:
                        enrol(writer, f"{number}.{step}", step)
                        state[f"{number}.{step}"] = step
                except CividError:
                    pass
                if len(writers) > 2:
                    writers.pop(choose.randrange(3)).close()
            for writer in writers:
                writer.close()
        finally:
            fcntl.flock = flock
        yield reopened(path, [state])


def moved_folders(path: Path, choose: random.Random) -> Iterator[str]:
    """The folder is moved, replaced, restored; so are links and the working directory."""
    root, before = path.parent / f"{path.name}.moves", Path.cwd()
    for number in range(1, 1000):
        shutil.rmtree(root, ignore_errors=True)
        (root / "elsewhere").mkdir(parents=True)
        try:
            os.chdir(root)
            state: State = {}
            name = Path("gallery")
            writer = Gallery.open(name, keys=keys_of(path), background=False)
            for step in range(choose.randrange(2, 12)):
                enrol(writer, str(step), number * 100 + step)
                state[str(step)] = number * 100 + step
                if choose.random() < 0.3:
                    writer.compact()
            with Gallery.open(root / "elsewhere" / "gallery") as other:
                enrol(other, "other", 1)
            os.chdir(root / "elsewhere")
            enrol(writer, "more", 2)
            state["more"] = 2
            how = choose.choice(HOWS)
            how(root / "gallery")
            for step in range(4):
                with suppress(CividError):
                    if choose.random() < 0.5:
                        writer.compact(purge=True)
                    else:
                        enrol(writer, f"late {step}", 3)
                        yield "wrong"  # nobody would find it
            writer.close()
            (root / "moved").rename(root / path.name)
            yield reopened(root / path.name, [state])
            yield reopened(root / "elsewhere" / "gallery", [{"other": 1}])
        finally:
            os.chdir(before)


def beside(*work: Callable[[], None]) -> None:
    """Side by side; the first failure is raised."""
    failures: list[BaseException] = []

    def run(one: Callable[[], None]) -> None:
        try:
            one()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def company(path: Path, choose: random.Random) -> Iterator[str]:
    """Readers beside a writer, and compactions, checks and changes that overlap."""
    for number in range(1, 1000):
        shutil.rmtree(path, ignore_errors=True)
        yield from in_company(path, choose, number)


def in_company(path: Path, choose: random.Random, number: int) -> Iterator[str]:
    states: list[State] = [{}]
    ended = threading.Event()
    endings: list[str] = []
    with Gallery.open(path, keys=keys_of(path)) as gallery:

        def change() -> None:
            try:
                for step in range(40):
                    state = dict(states[-1])
                    if choose.random() < 0.3 and state:
                        name = choose.choice(list(state))
                        del state[name]
                        states.append(state)
                        gallery.remove(name)
                    else:
                        state[f"{step}"] = number * 100 + step
                        states.append(state)
                        enrol(gallery, f"{step}", number * 100 + step)
            finally:
                ended.set()

        def tidy() -> None:
            while not ended.is_set():
                gallery.compact(purge=True)
                gallery.describe()

        def check() -> None:
            while not ended.is_set():
                gallery.check_integrity()

        def read() -> None:
            with Gallery.open(path, keys=keys_of(path), read_only=True) as reader:
                while not ended.is_set():
                    first = max(0, len(states) - 2)  # the last one may not be committed yet
                    reader.refresh()
                    seen = list(reader)
                    if not any(seen == list(state) for state in states[first:]):
                        endings.append("lost")
                    reader.check_integrity()
                    if seen != list(reader):
                        endings.append("wrong")

        beside(change, tidy, tidy, check, read, read)
        yield from endings
        yield examine(gallery, states[-1:])
    yield reopened(path, states[-1:])


KINDS = (kills, power_cuts, failing_calls, full_disk, damages, without_locks, moved_folders,
         company)  # fmt: skip


def torture(
    kind: Callable[[Path, random.Random], Iterator[str]],
    path: Path,
    seed: int,
    seconds: float,
    most: int = 1_000_000,
) -> Counter[str]:
    """So many seconds or rounds of a kind; -> rounds, and how many of them ended how."""
    found: Counter[str] = Counter()
    until = time.monotonic() + seconds
    rounds = kind(path, random.Random(seed))
    while time.monotonic() < until and found["rounds"] < most:
        try:
            ended = next(rounds)
        except StopIteration:
            seed += 1
            if not found["rounds"]:
                break
            shutil.rmtree(path.parent, ignore_errors=True)
            path.parent.mkdir()
            rounds = kind(path, random.Random(seed))
            continue
        except (CividError, AssertionError) as error:
            print(f"{kind.__name__}, seed {seed}: {error!r}", flush=True)
            ended = "lost"
        except Exception as error:
            print(f"{kind.__name__}, seed {seed}: {error!r}", flush=True)
            ended = "untyped"
        found["rounds"] += 1
        if ended:
            found[ended] += 1
            print(f"{kind.__name__}, seed {seed}, round {found['rounds']}: {ended}", flush=True)
            if found[ended] > 5:
                break
            seed += 1
            rounds = kind(path, random.Random(seed))
    rounds.close()  # type: ignore[attr-defined]
    return found
