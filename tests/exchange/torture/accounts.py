"""The books: what was sent when, what was answered when, and whether it adds up."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.exchange.conformance import answers
from tests.exchange.conformance.requests import Request
from tests.exchange.torture.oracle import Expected, Seen
from tests.exchange.torture.plan import Step


@dataclass
class _Entry:
    step: Step
    request: Request
    kind: str
    sent: float
    answers: list[tuple[float, str, bytes]] = field(default_factory=list)


class Accounts:
    """Requests by id, with all their answers. Safe for threads."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._inserts: dict[str, _Entry] = {}
        self._change = threading.Condition()
        self._answered = 0
        self.strangers = 0
        self.begun = time.monotonic()

    def sent(self, step: Step, request: Request, kind: str) -> None:
        """A request is about to be sent."""
        with self._change:
            entry = _Entry(step, request, kind, time.monotonic())
            self._entries[request["requestId"]] = entry
            if step.operation == "insert":
                self._inserts[step.reference] = entry

    def came(self, kind: str, body: bytes) -> None:
        """An answer came."""
        at = time.monotonic()
        try:
            name = json.loads(body)["requestId"]
        except (ValueError, KeyError, TypeError):
            name = None
        with self._change:
            entry = self._entries.get(name)
            if entry is None:
                self.strangers += 1
                return
            entry.answers.append((at, kind, body))
            if len(entry.answers) == 1:
                self._answered += 1
                self._change.notify_all()

    @property
    def answered(self) -> int:
        """How many requests have an answer."""
        return self._answered

    @property
    def open(self) -> int:
        """How many have none."""
        return len(self._entries) - self._answered

    def wait_until(self, most_open: int, timeout: float) -> bool:
        """Wait until at most so many requests are without an answer."""
        with self._change:
            return self._change.wait_for(lambda: self.open <= most_open, timeout)

    def wait_answered(self, count: int, timeout: float) -> bool:
        """Wait until so many requests have an answer."""
        with self._change:
            return self._change.wait_for(lambda: self._answered >= count, timeout)

    def wait_inserted(self, reference: str, timeout: float) -> bool:
        """Wait until the insert of a reference has an answer."""
        with self._change:
            return self._change.wait_for(lambda: bool(self._inserts[reference].answers), timeout)

    def seen(self) -> list[Seen]:
        """What each identify, in the order of the plan, can have seen."""
        found = []
        for one in self._identified():
            ended = one.answers[0][0] if one.answers else float("inf")
            certain = (
                reference
                for reference, insert in self._inserts.items()
                if insert.answers and insert.answers[0][0] <= one.sent
            )
            possible = sum(insert.sent <= ended for insert in self._inserts.values())
            found.append(Seen(frozenset(certain), possible))
        return found

    def _identified(self) -> list[_Entry]:
        return [one for one in self._entries.values() if one.step.operation == "identify"]

    def verdict(self, expected: list[Expected]) -> dict[str, Any]:
        """What went wrong, as counts that must all be 0; and what went twice."""
        entries = list(self._entries.values())
        finished = [one for one in entries if one.answers]
        wrong_form = wrong_type = differently = 0
        reasons: Counter[str] = Counter()
        for one in finished:
            wrong_type += sum(kind != one.kind for _, kind, _ in one.answers)
            documents = [json.loads(body) for _, _, body in one.answers]
            differently += any(document != documents[0] for document in documents)
            if documents[0].get("returnValue") != "1":
                reasons[f"{one.step.operation} {documents[0].get('failureReason')}"] += 1
            try:
                for document in documents:
                    answers.check(document, one.request)
            except AssertionError:
                wrong_form += 1
        missed = extra = true = certain = 0
        for one, people in zip(self._identified(), expected, strict=True):
            first = json.loads(one.answers[0][2]) if one.answers else {}
            if first.get("returnValue") != "1":
                continue
            found = set(answers.candidates(first))
            true += len(people.may)
            certain += len(people.must)
            missed += len(people.must - found)
            extra += len(found - people.may)
        return {
            "must be 0": {
                "lost": len(entries) - len(finished),
                "answered twice differently": differently,
                "failed": reasons.total(),
                "answers of the wrong form": wrong_form,
                "answers of the wrong message type": wrong_type,
                "answers to nobody": self.strangers,
                "candidates missed": missed,
                "candidates too many": extra,
            },
            "failed, operation and reason": dict(reasons),
            "candidates as the gallery alone finds them": true,
            "of them certain, whatever the order": certain,
            "answered more than once, the same": sum(len(one.answers) > 1 for one in finished)
            - differently,
        }

    def times(self, outages: list[tuple[float, float]]) -> dict[str, Any]:
        """Throughput and times to answer, all of them and without those of outages."""
        done = [(one.sent, one.answers[0][0], one) for one in self._entries.values() if one.answers]
        last = max(at for _, at, _ in done)
        quiet = last - self.begun - sum(end - begin for begin, end in outages)
        undisturbed = sum(
            not any(begin <= at <= end for begin, end in outages) for _, at, _ in done
        )
        calm = [
            (sent, at, one)
            for sent, at, one in done
            if not any(sent < end and at > begin for begin, end in outages)
        ]
        found: dict[str, Any] = {
            "seconds": round(last - self.begun, 1),
            "requests a second": round(len(done) / (last - self.begun), 1),
            "requests a second, without outages": round(undisturbed / max(quiet, 1e-9), 1),
        }
        for name, some in (("all", done), ("without outages", calm)):
            for operation in ("insert", "identify"):
                spent = [
                    1000 * (at - sent) for sent, at, one in some if one.step.operation == operation
                ]
                if len(spent) > 1:
                    cuts = statistics.quantiles(spent, n=100, method="inclusive")
                    found[f"{operation}, {name}"] = {
                        "count": len(spent),
                        "p50 ms": round(cuts[49], 1),
                        "p99 ms": round(cuts[98], 1),
                        "max ms": round(max(spent), 1),
                    }
        return found
