"""Every row of a table asked about, in batches; what was said, as a byte a thing asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from civid.exchange.sector.judge.examining import Ints, chunks
from civid.exchange.sector.match.checkpoint import Checkpoint
from civid.exchange.sector.match.questions import (
    CONFIRMED,
    Answer,
    Asker,
    Met,
    Question,
    Said,
)
from civid.exchange.sector.table.normal import normal
from civid.exchange.sector.table.source import Source

#: Bytes a row: what became of it, whether the number is an old one, and each field.
_WIDTH = 2 + len(CONFIRMED)
_DAY = "2001-03-05"


@dataclass(frozen=True, slots=True)
class Matching:
    """What a register said to a table, as far as the grant tells.

    Attributes
    ----------
    numbers : (N,) int64
        Numbers of the rows.
    met : (N,) uint8
        `Met` of each.
    renumbered : (N,) uint8
        `Said` of each; all 0 where the grant does not tell.
    fields : dict of str to (N,) uint8
        `Said` of each row, for the fields that the grant tells apart.
    tells_renumbered, tells_nobody : bool
        Whether the grant tells that a number is an old one, and that nobody has it.
    """

    numbers: Ints
    met: Ints
    renumbered: Ints
    fields: dict[str, Ints]
    tells_renumbered: bool
    tells_nobody: bool

    def count(self, what: Met) -> int:
        """Rows of which this became."""
        return int((self.met == what).sum())

    @property
    def asked(self) -> int:
        """Rows that were asked about and answered."""
        return sum(map(self.count, (Met.AGREES, Met.DIFFERS, Met.NOBODY, Met.UNTOLD)))

    def parts(self) -> dict[str, int]:
        """The rows that were asked about in parts that do not overlap, as far as the grant tells.

        ``agrees``; ``renumbered``: agrees, by an old number; ``differs.name`` ...: in that alone;
        ``differs.several``, or ``differs`` where fields are not told apart; ``nobody``; ``untold``;
        ``refused``; ``limited``.
        """
        old = (self.met == Met.AGREES) & (self.renumbered == Said.YES)
        made = {"agrees": self.count(Met.AGREES) - int(old.sum())}
        if self.tells_renumbered:
            made["renumbered"] = int(old.sum())
        made |= self._differing()
        shown = [Met.UNTOLD, Met.REFUSED, Met.LIMITED]
        if self.tells_nobody:  # else it would stand there as a count of 0
            shown.insert(0, Met.NOBODY)
        return made | {one.name.lower(): self.count(one) for one in shown}

    def _differing(self) -> dict[str, int]:
        differs = self.met == Met.DIFFERS
        if not self.fields:
            return {"differs": int(differs.sum())}
        wrong = {name: said == Said.NO for name, said in self.fields.items()}
        many = sum(one.astype(int) for one in wrong.values())
        made = {
            f"differs.{name}": int((differs & one & (many == 1)).sum())
            for name, one in wrong.items()
        }
        several = int(differs.sum()) - sum(made.values())
        return made | ({"differs.several": several} if len(wrong) > 1 else {})

    def rows(self, what: Met) -> Ints:
        """Numbers of the rows of which this became."""
        return self.numbers[self.met == what]

    def differing(self, field: str) -> Ints:
        """Numbers of the rows whose field is not the register's."""
        return self.numbers[self.fields[field] == Said.NO]

    def unmatched(self) -> dict[str, Ints]:
        """Field -> rows that do not agree because of it; ``""`` -> all that do not agree."""
        apart = (self.met == Met.DIFFERS) | (self.met == Met.NOBODY)
        found = {"": self.numbers[apart]}
        if self.tells_nobody:
            found["number"] = self.rows(Met.NOBODY)
        return found | {field: self.differing(field) for field in self.fields}


def question_of(
    row: int, values: dict[str, str], needed: Collection[str], optional: Collection[str] = ()
) -> Question | None:
    """What is asked about a normalised row; None where it has too little.

    >>> values = {"number": "046301123456", "cmnd9": "", "name": "Lê An", "birth": "2001-03-05",
    ...           "sex": ""}
    >>> question_of(2, values, ("name",), ("birth", "sex")).fields
    {'name': 'Lê An', 'birth': '2001-03-05'}
    >>> question_of(2, values | {"birth": "2001"}, ("name", "birth")) is None
    True
    """
    number = values["number"] or values["cmnd9"]
    given = {name: values[name] for name in (*needed, *optional) if values[name]}
    if len(given.get("birth", _DAY)) != len(_DAY):  # a month or year alone never agrees with a day
        del given["birth"]
    if not number or not given or not given.keys() >= set(needed):
        return None
    return Question(row, number, given)


def match(
    source: Source,
    as_of: date,
    asker: Asker,
    checkpoint: Checkpoint,
    tell: Callable[[int], None] | None = None,
) -> Matching:
    """Ask about every row that can be asked about.

    Parameters
    ----------
    source : Source
        The table.
    as_of : date
        As it was examined by.
    asker : Asker
        Puts the questions.
    checkpoint : Checkpoint
        What was answered before is not asked again.
    tell : callable, optional
        Told how many rows are done.
    """
    import numpy as np

    numbers: list[Any] = []
    said: list[bytes] = []
    done = start = 0
    table = f"{source.digest} {as_of.isoformat()}"
    for batch in _batches(_questions(source, as_of, asker), asker.batch):
        kept = checkpoint.get(start)
        if kept is None or len(kept) != len(batch) * _WIDTH:
            kept = _ask(batch, asker, table)
            if Met.LIMITED not in kept[::_WIDTH]:
                checkpoint.put(start, kept)
        said.append(kept)
        numbers.append(np.fromiter((number for number, _ in batch), np.int64, len(batch)))
        start += len(batch)
        done += len(batch)
        if tell is not None:
            tell(done)
    held = np.frombuffer(b"".join(said), np.uint8).reshape(-1, _WIDTH)
    known = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
    fields = {name: held[:, 2 + at] for at, name in enumerate(CONFIRMED) if name in asker.told}
    return Matching(
        known, held[:, 0], held[:, 1], fields, asker.tells_renumbered, asker.tells_nobody
    )


def _questions(source: Source, as_of: date, asker: Asker) -> Iterator[tuple[int, Question | None]]:
    for chunk in chunks(source, as_of):
        columns = normal(chunk)
        names = list(columns)
        for number, *values in zip(chunk.numbers, *columns.values(), strict=True):
            said = dict(zip(names, values, strict=True))
            yield number, question_of(number, said, asker.needed, asker.optional)


def _batches(
    rows: Iterable[tuple[int, Question | None]], size: int
) -> Iterator[list[tuple[int, Question | None]]]:
    batch: list[tuple[int, Question | None]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _ask(batch: list[tuple[int, Question | None]], asker: Asker, table: str) -> bytes:
    wanted = [question for _, question in batch if question is not None]
    answers = iter(asker.ask(wanted, table) if wanted else ())
    nothing = Answer(Met.NOT_ASKED)
    made = bytearray()
    for _, question in batch:
        one = nothing if question is None else next(answers)
        made += bytes((one.met, one.renumbered))
        # What the grant does not tell is not even kept.
        made += bytes(
            one.fields.get(name, Said.NOT_ASKED) if name in asker.told else Said.NOT_ASKED
            for name in CONFIRMED
        )
    return bytes(made)
