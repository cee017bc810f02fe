"""The steps of a line (bước), who serves them, and with how many machines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from civid.errors import FieldError

MOST_STEPS, MOST_SERVERS = 20, 50


class Law(IntEnum):
    """How the time that a step takes varies from citizen to citizen."""

    FIXED = 0
    EXPONENTIAL = 1
    LOGNORMAL = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One step at the counter.

    Attributes
    ----------
    key, vietnamese : str
        Its name, and its name in Vietnamese.
    seconds, spread : float
        Mean of the time with one citizen, and its standard deviation as a share of the mean
        (of lognormal times; fixed ones have none, exponential ones 1).
    law : Law
        Lognormal unless said otherwise: a few citizens take far longer, none takes no time.
    officers, machines : int
        Who serves it side by side, and with how many machines; a citizen needs one of each.
        Machines may be 0: none is needed.
    elderly : float
        Times as long with elderly or disabled citizens (người già yếu, khuyết tật).
    again : float
        Chance that it has to be done again at once, as with a poor print (lấy lại vân tay).
    attempts : int
        Then it goes on with what there is, with a reason on the dossier.
    fails_every, repair : float
        Mean hours of a machine between breakdowns (0: never), and mean minutes until it works
        again. A citizen who is being served waits and goes on.
    offline : float
        Times as long while the network is out (mất mạng); 0: it has to wait for the network.

    Raises
    ------
    FieldError
        A value out of range; the message names the step.
    """

    key: str
    vietnamese: str
    seconds: float
    spread: float = 0.35
    law: Law = Law.LOGNORMAL
    officers: int = 1
    machines: int = 0
    elderly: float = 1.0
    again: float = 0.0
    attempts: int = 3
    fails_every: float = 0.0
    repair: float = 20.0
    offline: float = 1.0

    def __post_init__(self) -> None:
        for name, low, high in (
            ("seconds", 0.1, 36000.0),
            ("spread", 0.0, 5.0),
            ("officers", 1, MOST_SERVERS),
            ("machines", 0, MOST_SERVERS),
            ("elderly", 0.1, 20.0),
            ("again", 0.0, 0.95),
            ("attempts", 1, 20),
            ("fails_every", 0.0, 1e6),
            ("repair", 0.1, 1e5),
            ("offline", 0.0, 20.0),
        ):
            if not low <= getattr(self, name) <= high:
                raise FieldError(f"{self.key}.{name}", f"not {low} to {high}")

    @property
    def servers(self) -> int:
        """How many citizens can be served here at once."""
        return min(self.officers, self.machines) if self.machines else self.officers

    @property
    def mean_attempts(self) -> float:
        """How often it is done on average, repetitions included."""
        return sum(self.again**number for number in range(self.attempts))


@dataclass(frozen=True, slots=True)
class Line:
    """A counter as a production line (dây chuyền khép kín): its steps in order, and its officers.

    Attributes
    ----------
    name : str
        What it is called.
    steps : tuple of Step
        In order; every citizen goes through all of them.
    shared : tuple of tuple of str
        Officers who serve several steps, each as the keys of those; empty: every officer has
        one step, as `Step.officers` says. With shared officers all of them are listed here.
    walk : float
        Seconds that an officer needs from one step to another.

    Examples
    --------
    >>> line = Line("two steps", (Step("prints", "vân tay", 60), Step("photo", "chụp ảnh", 30)))
    >>> line.staff, round(line.fastest(3600))
    (2, 60)
    """

    name: str
    steps: tuple[Step, ...]
    shared: tuple[tuple[str, ...], ...] = ()
    walk: float = 0.0

    def __post_init__(self) -> None:
        keys = [step.key for step in self.steps]
        if not 1 <= len(keys) <= MOST_STEPS:
            raise FieldError("steps", f"not 1 to {MOST_STEPS}")
        if len(set(keys)) < len(keys):
            raise FieldError("steps", "two have the same key")
        if not 0 <= self.walk <= 3600:
            raise FieldError("walk", "not 0 to 3600 seconds")
        if self.shared:
            known = {key for officer in self.shared for key in officer}
            if not known <= set(keys):
                raise FieldError("shared", "an officer serves a step that the line does not have")
            if known != set(keys):
                raise FieldError("shared", "a step has no officer")
            if len(self.shared) > MOST_SERVERS:
                raise FieldError("shared", f"more than {MOST_SERVERS} officers")

    @property
    def staff(self) -> int:
        """How many officers it has (người)."""
        return len(self.shared) or sum(step.officers for step in self.steps)

    def step(self, key: str) -> Step:
        """The step of a key; `FieldError` if there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise FieldError("step", "this line has no such step")

    def with_step(self, key: str, **changes: float) -> Line:
        """The same line with one step changed."""
        self.step(key)
        return replace(
            self,
            steps=tuple(
                replace(step, **changes) if step.key == key else step  # type: ignore[arg-type]
                for step in self.steps
            ),
        )

    def fastest(self, seconds: float) -> float:
        """An upper bound on the citizens in a time: the slowest step, never idle or broken.

        With shared officers their common work bounds it, too.
        """
        bounds = [step.servers / (step.seconds * step.mean_attempts) for step in self.steps]
        if self.shared:
            bounds = [
                (step.machines or len(self.shared)) / (step.seconds * step.mean_attempts)
                for step in self.steps
            ]
            work = sum(step.seconds * step.mean_attempts for step in self.steps)
            bounds.append(len(self.shared) / work)
        return seconds * min(bounds)
