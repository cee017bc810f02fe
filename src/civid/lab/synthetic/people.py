"""A population to enrol: many people, some of whom come twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from civid.fingerprint.image import FingerImage
from civid.lab.synthetic.images.impressions import SIZE, check_capture, impression
from civid.lab.synthetic.images.masters import master
from civid.lab.synthetic.streams import Seed, Stream, SyntheticError, sequence
from civid.position import Position

#: The first three digits of personal numbers: places (provinces) in use, a few of them.
_PLACES = ("001", "024", "031", "038", "046", "048", "056", "068", "075", "079", "092", "096")


class Enrolment(NamedTuple):
    """One person at the counter.

    Parameters
    ----------
    number : str
        The identity claimed: 12 digits built like a Vietnamese personal number, with the
        century digit of the 24th century (8 or 9), so that it is nobody's.
    prints : mapping of Position to FingerImage
        New impressions, made for this enrolment.
    person : int
        Who it really is, 0 .. citizens - 1; two enrolments with the same person are a duplicate.
    """

    number: str
    prints: Mapping[Position, FingerImage]
    person: int


def population(
    citizens: int = 300,
    *,
    fingers: Sequence[Position] = (Position.RIGHT_INDEX, Position.LEFT_INDEX),
    duplicates: int = 30,
    seed: Seed = 0,
    difficulty: float | None = None,
    size: tuple[int, int] = SIZE,
    threads: int = 2,
    on_progress: Callable[[int, int], None] | None = None,
) -> Iterator[Enrolment]:
    """Enrol a population, in an order and with numbers given by the seed.

    Parameters
    ----------
    citizens : int
        How many people there are.
    fingers : sequence of Position
        Which fingers each of them gives.
    duplicates : int
        How many of them come a second time, under another number and with new impressions.
    seed : int or numpy.random.SeedSequence
        A finger depends on the seed, its person and position only; an impression of it, on which
        visit it is of that person too. More citizens or fingers change none of them.
    difficulty : float, optional
        Of every impression, 0..1; if not given, each has its own: most are good, some hard.
    size : (int, int)
        Height and width of the pictures, px.
    threads : int
        How many to make at a time. The result does not depend on it.
    on_progress : callable, optional
        Called with (done, total) enrolments in the thread that iterates.

    Returns
    -------
    iterator of Enrolment
        ``citizens + duplicates`` of them, made while iterating; a few are made ahead.

    Raises
    ------
    SyntheticError
        An argument is outside its range.

    Examples
    --------
    >>> people = list(population(3, duplicates=1, seed=7, fingers=[Position.RIGHT_THUMB]))
    >>> len(people), len({enrolment.number for enrolment in people})
    (4, 4)
    >>> sorted(enrolment.person for enrolment in people)
    [0, 1, 2, 2]
    """
    if citizens < 0 or not 0 <= duplicates <= citizens:
        raise SyntheticError("citizens must be >= 0, and duplicates 0 .. citizens")
    if not 1 <= threads <= 64:
        raise SyntheticError("threads must be 1..64")
    known = set(Position)
    wanted = tuple(Position(finger) for finger in fingers if finger in known)
    if len(set(wanted)) != len(fingers) or not wanted:
        raise SyntheticError("fingers must be different positions, at least one")
    check_capture(0.0 if difficulty is None else difficulty, size)
    stream = Stream(seed, 2)
    visits = [(person, 0) for person in range(citizens)]
    visits += [(int(person), 1) for person in stream.order(citizens)[:duplicates]]
    numbers = _draw_numbers(stream, len(visits))
    plan = [
        (number, *visits[at]) for number, at in zip(numbers, stream.order(len(visits)), strict=True)
    ]

    def make(number: str, person: int, visit: int) -> Enrolment:
        prints = {
            finger: _press(seed, person, finger, visit, difficulty, size) for finger in wanted
        }
        return Enrolment(number, prints, person)

    return _in_order(make, plan, threads, on_progress)


def _press(
    seed: Seed,
    person: int,
    finger: Position,
    visit: int,
    difficulty: float | None,
    size: tuple[int, int],
) -> FingerImage:
    grown = master(sequence(seed, 3, person, int(finger)), position=finger)
    own = sequence(seed, 4, person, int(finger), visit)
    if difficulty is None:
        share = Stream(own, 0).uniform(0, 1)
        difficulty = share * share
    return impression(grown, own, difficulty=difficulty, size=size).image


def _draw_numbers(stream: Stream, count: int) -> list[str]:
    """Different numbers: place, century and sex, year, six random digits."""
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        place = _PLACES[stream.below(len(_PLACES))]
        century = "89"[stream.below(2)]
        numbers[f"{place}{century}{stream.below(100):02}{stream.below(10**6):06}"] = None
    return list(numbers)


def _in_order(
    make: Callable[[str, int, int], Enrolment],
    plan: Sequence[tuple[str, int, int]],
    threads: int,
    on_progress: Callable[[int, int], None] | None,
) -> Iterator[Enrolment]:
    if threads == 1:
        for done, visit in enumerate(plan, 1):
            enrolment = make(*visit)
            if on_progress is not None:
                on_progress(done, len(plan))
            yield enrolment
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="synthetic") as pool:
        ahead: deque[Future[Enrolment]] = deque()
        left = iter(plan)
        try:
            for _, visit in zip(range(2 * threads), left, strict=False):
                ahead.append(pool.submit(make, *visit))
            for done in range(1, len(plan) + 1):
                enrolment = ahead.popleft().result()
                following = next(left, None)
                if following is not None:
                    ahead.append(pool.submit(make, *following))
                if on_progress is not None:
                    on_progress(done, len(plan))
                yield enrolment
        finally:  # the consumer stopped early
            for future in ahead:
                future.cancel()
