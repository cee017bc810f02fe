"""A gallery in a folder, and a reader beside it, against a dict, through any sequence of steps."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.search import oracle
from tests.search.prints import impression, same, template

from civid.errors import SubjectExistsError, SubjectNotFoundError
from civid.fingerprint.template import Template
from civid.position import Position
from civid.search import Gallery

PRINTS = [template(seed, 16) for seed in range(5)]
PRINTS += [impression(one, seed) for seed, one in enumerate(PRINTS)] + [template(9, 0)]
names = st.sampled_from(["a", "b", "c", "Ð", "046301123456"])
sets = st.dictionaries(
    st.sampled_from([Position.UNKNOWN, Position.RIGHT_INDEX, Position.LEFT_THUMB]),
    st.sampled_from(PRINTS),
    min_size=1,
)

Fingers = dict[Position, Template]


class GalleryMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.gallery = Gallery.open(self.folder / "gallery")
        self.reader = Gallery.open(self.folder / "gallery", read_only=True)
        self.model: dict[str, Fingers] = {}
        self.seen: dict[str, Fingers] = {}

    def teardown(self) -> None:
        if hasattr(self, "gallery"):
            self.gallery.close()
            self.reader.close()
            shutil.rmtree(self.folder)

    @rule(name=names, fingers=sets)
    def enroll(self, name: str, fingers: Fingers) -> None:
        if name in self.model:
            with pytest.raises(SubjectExistsError):
                self.gallery.enroll(name, fingers)
        else:
            self.gallery.enroll(name, fingers)
            self.model[name] = fingers

    @rule(name=names, fingers=sets)
    def replace(self, name: str, fingers: Fingers) -> None:
        self.gallery.enroll(name, fingers, replace=True)
        self.model.pop(name, None)
        self.model[name] = fingers

    @rule(subjects=st.lists(st.tuples(names, sets), max_size=4))
    def enroll_many(self, subjects: list[tuple[str, Fingers]]) -> None:
        new = [name for name, _ in subjects]
        if len(set(new)) < len(new) or self.model.keys() & set(new):
            with pytest.raises(SubjectExistsError):
                self.gallery.enroll_many(subjects)
        else:
            assert self.gallery.enroll_many(subjects) == len(subjects)
            self.model |= dict(subjects)

    @rule(name=names)
    def remove(self, name: str) -> None:
        if name in self.model:
            self.gallery.remove(name)
            del self.model[name]
        else:
            with pytest.raises(SubjectNotFoundError):
                self.gallery.remove(name)

    @rule()
    def reopen(self) -> None:
        self.gallery.close()
        self.gallery = Gallery.open(self.folder / "gallery", create=False)

    @rule()
    def refresh(self) -> None:
        self.reader.refresh()
        self.seen = dict(self.model)

    @rule(probe=sets, limit=st.integers(1, 6))
    def search(self, probe: Fingers, limit: int) -> None:
        for gallery, model in ((self.gallery, self.model), (self.reader, self.seen)):
            found = gallery.search(probe, limit)
            expected = oracle.search(probe, model)
            assert [c.score for c in found] == pytest.approx(
                [score for _, score in expected[:limit]], rel=1e-6, abs=1e-5
            )
            assert {c.subject_id for c in found} <= {name for name, _ in expected}

    @rule(least=st.floats(0, 40))
    def duplicates(self, least: float) -> None:
        found = {
            (d.subject, d.other) for d in self.gallery.duplicates(max_fpir=None, min_score=least)
        }
        order = list(self.model)
        for i, one in enumerate(order):
            for other in order[i + 1 :]:
                score = oracle.score(self.model[one], self.model[other])
                if score is None or abs(score - least) > 1e-4:
                    assert ((one, other) in found) == (score is not None and score >= least)

    @rule(name=names)
    def get(self, name: str) -> None:
        if name not in self.model:
            with pytest.raises(SubjectNotFoundError):
                self.gallery.get(name)
            return
        got, expected = self.gallery.get(name), self.model[name]
        assert got.keys() == expected.keys()
        assert all(same(got[position], expected[position]) for position in got)

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        if hasattr(self, "gallery"):
            assert list(self.gallery) == list(self.model)
            assert list(self.reader) == list(self.seen)
            assert self.gallery.fingers == sum(
                bool(len(one)) for fingers in self.model.values() for one in fingers.values()
            )


TestGallery = GalleryMachine.TestCase
TestGallery.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
