"""Limits and bounds under sixteen clients at once: never one answer more than allowed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.exchange.sharing.office import asked, granted, partner

from civid.exchange.sharing import GuessBound, Limit, Question, RefusedError, Sharing
from civid.register import Register

CLIENTS = 16


def outcomes(register: Register, questions: list[Question]) -> Counter[str]:
    """What became of questions that sixteen threads ask at once."""

    def ask(question: Question) -> str:
        try:
            return str(partner(register).ask(question).match)
        except RefusedError as error:
            return error.reason.value

    with ThreadPoolExecutor(CLIENTS) as crowd:
        return Counter(crowd.map(ask, questions))


def test_sixteen_threads_get_no_more_than_the_limit(both: Register) -> None:
    limits = (Limit.of("partner/day=20"), Limit.of("person/total=1000"))
    Sharing(both).grants.add(granted("birth:year", limits=limits))
    found = outcomes(both, [asked(attributes="birth:year") for _ in range(48)])
    assert found == {"yes": 20, "too_often": 28}
    figures = Sharing(both).statistics("bhxh")
    assert (figures.answered, figures.match["yes"]) == (20, 20)
    assert figures.refused["too_often"] == 28
    assert both.audit.verify().whole


def test_sixteen_threads_guess_no_more_than_one(both: Register) -> None:
    Sharing(both).grants.add(granted("sex:full", bound=GuessBound(wrong=5)))
    wrong = [asked(birth=f"{day:02d}/04/2001") for day in range(1, 31)]
    assert outcomes(both, wrong) == {"no": 5, "too_many_guesses": 25}


def test_one_request_sixteen_times_at_once_counts_once(both: Register) -> None:
    Sharing(both).grants.add(granted("birth:year", limits=(Limit.of("partner/total=1"),)))
    question = asked(attributes="birth:year", request="r-1")
    assert outcomes(both, [question] * CLIENTS) == {"yes": CLIENTS}
    assert Sharing(both).statistics("bhxh").answered == 1


def test_two_processes_of_eight_threads(both: Register, where: str) -> None:
    Sharing(both).grants.add(granted("birth:year", limits=(Limit.of("purpose/day=15"),)))
    command = [sys.executable, "-m", "tests.exchange.sharing.test_parallel", where]
    root = Path(__file__).parents[3]
    running = [
        subprocess.Popen([*command, str(which)], cwd=root, stdout=subprocess.PIPE, text=True)
        for which in range(2)
    ]
    said: Counter[str] = Counter()
    for one in running:
        out, _ = one.communicate(timeout=120)
        assert one.returncode == 0
        said.update(out.split())
    assert said == {"yes": 15, "too_often": 2 * 24 - 15}


def main() -> None:
    """One process of several: 24 questions by eight threads."""
    from tests.exchange.sharing.office import KEYS, Clock

    where, which = sys.argv[1:]
    with Register.open(where, keys=KEYS, clock=Clock()) as register:
        questions = [asked(attributes="birth:year", request=f"p{which}-{n}") for n in range(24)]
        with ThreadPoolExecutor(8) as crowd:
            for one in crowd.map(lambda question: outcomes(register, [question]), questions):
                print(*one.elements())


if __name__ == "__main__":
    main()
