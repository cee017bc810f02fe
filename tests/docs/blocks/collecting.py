"""The pages for pytest: one test a block, in the page's order, in a folder of the page's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from _pytest._code import Traceback
from sybil import Sybil
from sybil.integration.pytest import SybilFile, SybilItem
from tests.docs.blocks.fences import PARSERS, ROOT, pages
from tests.docs.blocks.needs import Place, prepared

_PAGES = set(pages())
_SYBIL = Sybil(PARSERS, path=str(ROOT), fixtures=["place_of_the_page"])


class Block(SybilItem):  # type: ignore[misc]  # Sybil has no types
    """One block; what fails in it is told, whatever caused it."""

    def _traceback_filter(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Traceback:
        """Sybil looks for its own frame, which the cause of an error does not have."""
        try:
            return super()._traceback_filter(excinfo)
        except IndexError:
            return excinfo.traceback


class Page(SybilFile):  # type: ignore[misc]
    """A page with its blocks."""

    def collect(self) -> Iterable[Block]:
        """The blocks, in the page's order."""
        document = _SYBIL.parse(self.path)
        self.documents.append(document)
        for example in document.examples():
            yield Block.from_parent(self, sybil=_SYBIL, example=example)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Page | None:
    """A page of the project."""
    if file_path not in _PAGES:
        return None
    page: Page = Page.from_parent(parent, path=file_path, sybils=[_SYBIL])
    return page


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests run in a random order; the blocks of a page build on one another."""
    blocks = [one for one in items if isinstance(one, SybilItem)]
    blocks.sort(key=lambda one: (one.path, one.example.start))
    items[:] = [*(one for one in items if not isinstance(one, SybilItem)), *blocks]


@pytest.fixture(scope="module")
def place_of_the_page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The working folder of a page, with what the page needs; a module is a page here."""
    page = request.node.path.relative_to(ROOT).as_posix()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("page"))
        with prepared(page) as (place, names):
            request.node.documents[0].namespace.update(names)
            yield place
