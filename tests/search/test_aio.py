"""An asynchronous gallery: the loop runs on, threads are bounded, a cancelled change is whole."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from tests.search.prints import again, person

from civid.errors import GalleryBehindError, GalleryError, SubjectExistsError, SubjectNotFoundError
from civid.position import Position
from civid.search import Gallery, Metadata, aio
from civid.search.aio import AsyncGallery

PEOPLE = {f"p{i}": person(i, count=12) for i in range(20)}
PROBE = again(PEOPLE["p7"], 1)
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Held(Gallery):
    """A gallery whose calls wait to be let go, and are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.running, self.most, self.begun = threading.Event(), 0, 0, 0
        self.counting = threading.Lock()

    def hold(self) -> None:
        with self.counting:
            self.running += 1
            self.begun += 1
            self.most = max(self.most, self.running)
        assert self.go.wait(30)
        with self.counting:
            self.running -= 1

    def search(self, *args: object, **options: object) -> list[object]:  # type: ignore[override]
        self.hold()
        return super().search(*args, **options)  # type: ignore[arg-type, return-value]

    def enroll(self, *args: object, **options: object) -> None:  # type: ignore[override]
        self.hold()
        super().enroll(*args, **options)  # type: ignore[arg-type]


async def test_every_twin_says_what_the_gallery_says(tmp_path: Path) -> None:
    async with AsyncGallery.open(tmp_path / "g", background=False) as one:
        gallery = one.gallery
        assert await one.enroll_many(PEOPLE) == 20
        await one.enroll("new", PROBE, metadata=Metadata({"a": 1}, ["t"]))
        await one.put_finger("new", Position.LEFT_RING, PROBE[Position.RIGHT_INDEX])
        assert list(await one.get("new")) == list(gallery.get("new"))
        assert await one.search(PROBE, 3) == gallery.search(PROBE, 3)
        assert await one.search(PROBE, tag="t") == gallery.search(PROBE, tag="t")
        assert await one.search_many([PROBE] * 2) == gallery.search_many([PROBE] * 2)
        assert await one.verify_subject("p7", PROBE) == gallery.verify_subject("p7", PROBE)
        assert [pair async for pair in one.duplicates()] == list(gallery.duplicates())
        assert (await one.metadata("new")).values == {"a": 1}
        await one.set_metadata("new", {})
        await one.remove_finger("new", Position.LEFT_RING)
        assert (await one.count(), await one.contains("new")) == (21, True)
        assert await one.ids() == list(gallery)
        changes = await one.changes()
        async with AsyncGallery.open(tmp_path / "g", read_only=True) as reader:
            await one.remove("new")
            await one.remove_many(["p1", "p2"])
            assert (await reader.refresh(await one.changes())).removed == 3
        assert await one.changes() == changes + 2
        with pytest.raises(SubjectExistsError):
            await one.enroll("p3", PROBE)
        with pytest.raises(SubjectNotFoundError):
            await one.remove("new")
    with pytest.raises(GalleryError, match="closed"):
        await one.search(PROBE)


async def test_the_loop_runs_on_and_threads_are_bounded() -> None:
    held = Held()
    ticks = 0
    async with AsyncGallery(held, calls=2) as gallery, anyio.create_task_group() as group:
        for _ in range(6):
            group.start_soon(gallery.search, PROBE)
        while held.running < 2:
            await anyio.sleep(0)
        for _ in range(50):
            await anyio.sleep(0)
            ticks += 1
        assert held.running == 2
        held.go.set()
    assert (held.most, ticks) == (2, 50)


async def test_a_search_that_is_cancelled_ends_and_those_behind_it_are_not_made() -> None:
    held = Held()
    async with AsyncGallery(held, calls=1) as gallery:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(gallery.search, PROBE)
            while not held.running:
                await anyio.sleep(0)
            group.cancel_scope.cancel()
            held.go.set()
        assert (held.begun, held.running) == (1, 0)
        assert await gallery.search(PROBE) == []


async def test_waiting_for_a_writer_can_be_cancelled_and_ends_in_time(tmp_path: Path) -> None:
    async with (
        AsyncGallery.open(tmp_path / "g", background=False) as writer,
        AsyncGallery.open(tmp_path / "g", read_only=True, calls=1) as reader,
    ):
        wanted = await writer.changes() + 1
        with anyio.move_on_after(0.02) as scope:
            await reader.refresh(wanted, timeout=600)
        assert scope.cancelled_caught
        with pytest.raises(GalleryBehindError):
            await reader.refresh(wanted, timeout=0.02)
        async with anyio.create_task_group() as group:
            group.start_soon(writer.enroll, "a", PROBE)
            assert (await reader.refresh(wanted, timeout=30)).added_ids == ("a",)


async def test_a_change_that_is_cancelled_is_there_as_a_whole() -> None:
    held = Held()
    async with AsyncGallery(held, calls=1) as gallery:
        async with anyio.create_task_group() as group:
            group.start_soon(gallery.enroll, "begun", PROBE)
            while not held.running:
                await anyio.sleep(0)
            group.start_soon(gallery.enroll, "waiting", PROBE)
            await anyio.sleep(0)
            group.cancel_scope.cancel()
            held.go.set()
        assert await gallery.ids() == ["begun"]


async def test_duplicates_can_be_left_in_the_middle() -> None:
    plain = Gallery()
    plain.enroll_many({f"{i}": PROBE for i in range(4)})
    async with AsyncGallery(plain) as gallery:
        async for pair in gallery.duplicates():
            assert pair.score > 30
            break
        assert await gallery.count() == 4


def test_calls_are_at_least_one() -> None:
    with pytest.raises(GalleryError):
        AsyncGallery(Gallery(), calls=0)


async def test_closing_waits_for_the_calls_under_way() -> None:
    """It said so and did not: a search went on beside a service that believed it had ended."""
    held = Held()
    gallery = AsyncGallery(held, calls=2)
    told: list[str] = []

    async def search() -> None:
        try:
            await gallery.search(PROBE)
            told.append("found")
        except GalleryError:
            told.append("closed")

    async def close() -> None:
        await gallery.aclose()
        told.append("end")

    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(search)
        while held.running < 2:
            await anyio.sleep(0)
        group.start_soon(close)
        for _ in range(20):
            await anyio.sleep(0)
        assert told == []
        held.go.set()
    assert told == ["found", "found", "end"]
    await gallery.aclose()  # once more does no harm


@pytest.mark.parametrize("token", ["5", 1.0, True, float("nan")])
async def test_what_is_no_token_is_refused_as_the_gallery_does(token: Any) -> None:
    gallery = AsyncGallery(Gallery())
    for wait in (gallery.refresh(token), gallery.refresh(5, timeout=float("nan"))):
        with pytest.raises(GalleryError, match=r"at_least|timeout"):
            await wait
    with pytest.raises(GalleryError, match="timeout"):
        await gallery.refresh(5, timeout=-1)


@pytest.mark.parametrize("threads", [0, "2", True])
def test_threads_are_at_least_one(threads: Any) -> None:
    with pytest.raises(GalleryError, match="threads"):
        AsyncGallery(Gallery(), threads=threads)


@pytest.mark.parametrize(
    ("options", "call"),
    [
        (aio.OpenOptions, Gallery.open),
        (aio.SearchOptions, Gallery.search),
        (aio.SearchOptions, Gallery.search_many),
        (aio.PairsOptions, Gallery.duplicates),
        (aio.EnrolOptions, Gallery.enroll_many),
    ],
)
def test_options_are_those_of_the_gallery(options: type, call: Callable[..., object]) -> None:
    """Of open, the threads: AsyncGallery has its own."""
    given = inspect.signature(call).parameters.values()
    named = {one.name for one in given if one.kind is one.KEYWORD_ONLY}
    assert set(options.__annotations__) | ({"threads"} if call == Gallery.open else set()) == named
