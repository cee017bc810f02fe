"""MOSIP's published cases over a real broker, on real prints, each asked by a client of JMS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.broker import installed
from tests.exchange.broker.running import running
from tests.exchange.conformance.bench import Bench
from tests.exchange.conformance.case import Case
from tests.exchange.conformance.suites import SUITES, opened


@pytest.fixture(scope="module", params=["artemis", "classic"])
def bench(
    request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp(request.param)
    # A broker of its own: others leave messages behind that a small one has no memory for.
    with (
        installed.skipping(),
        running(request.param) as broker,
        opened(broker, folder, data) as made,
    ):
        yield made


@pytest.fixture
def clean(bench: Bench) -> Iterator[Bench]:
    yield bench
    bench.clear()


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{suite.partition('/')[2] or 'ours'}-{case.name}")
        for suite, cases in SUITES.items()
        for case in cases
    ],
)
def test_published(case: Case, clean: Bench) -> None:
    case.run(clean)


def test_none_is_left_out() -> None:
    toolkit, kit = (
        {case.name for case in SUITES[name]}
        for name in ("mosip/mosip-compliance-toolkit", "mosip/abis-testing-kit")
    )
    assert toolkit == {f"ABIS30{number:02}" for number in range(32)}
    assert kit == {str(number) for number in range(1, 14)}
