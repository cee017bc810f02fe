"""The ordered step: messages, a group at a time, become answers that are durable."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from civid.errors import StorageLockedError, StorageWriteError
from civid.exchange.mosip import Reason, write_message
from civid.exchange.worker.arrivals import Item
from civid.exchange.worker.delivery import Leaving
from civid.exchange.worker.incoming import Incoming, read
from civid.exchange.worker.inhand import InHand
from civid.exchange.worker.logs import event
from civid.exchange.worker.metrics import Metrics
from civid.exchange.worker.service import Service

#: Failures of ours: the same message may do better in a moment.
_OURS = (Reason.INTERNAL.value, Reason.UNEXPECTED.value)


@dataclass
class Done:
    """What became of a group.

    Attributes
    ----------
    items : list of Item
        Done; `leaving` and `outcomes` belong to them, place by place.
    left : list of Item
        Not done, to be tried again.
    """

    items: list[Item] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)


class Answering:
    """Makes answers, one group after the other, on one thread.

    Parameters
    ----------
    service : Service
        Who knows the answers.
    in_hand : InHand
        Tells which messages were in hand when a process died.
    metrics : Metrics
    tries : int
        See `Settings`.
    """

    def __init__(self, service: Service, in_hand: InHand, metrics: Metrics, tries: int) -> None:
        self._service, self._in_hand, self._metrics = service, in_hand, metrics
        self._tries = tries

    def answers(self, group: Sequence[Item]) -> Done:
        """Answer a group; when this returns, what was answered is on the disk.

        Raises
        ------
        StorageError
            The store is damaged, or was taken away. Being full or busy is waited for instead: then
            the whole group is left.
        """
        digests = [one.delivery.digest for one in group]
        suspect = group[0].ready is None
        if suspect and (died := self._in_hand.times(digests[0])) >= self._tries:
            event("gave-up", level=logging.ERROR, mark=group[0].delivery.mark, deaths=died)
            self._metrics.dead.labels("died").inc()
            return _dead(group[0], "died")
        done = Done()
        try:
            if suspect:
                self._in_hand.take(digests)
            with self._metrics.timed("engine"), self._service.batch():
                for place, item in enumerate(group):
                    found = self._answer(item)
                    if found is None:
                        done.left = list(group[place:])
                        break
                    leaving, outcome = found
                    done.items.append(item)
                    done.leaving.append(leaving)
                    done.outcomes.append(outcome)
        except (StorageWriteError, StorageLockedError) as error:
            # Nothing of the group has happened.
            self._metrics.trouble("storage", str(error))
            event("store-fails", level=logging.ERROR, error=type(error).__name__)
            return Done(left=list(group))
        self._metrics.trouble("storage")
        return done

    def _answer(self, item: Item) -> tuple[Leaving, tuple[str, str]] | None:
        """What leaves for a message, with its operation and outcome; None = try it again."""
        operation = "other"
        try:
            incoming, ready = self._prepared(item)
            operation = incoming.operation
            if incoming.message is None:
                return self._unreadable(item, incoming)
            answer = self._service.answer(incoming.message, ready)
            outcome = str(answer.get("failureReason", "ok"))
            body = write_message(answer)
        except (StorageWriteError, StorageLockedError):
            raise
        except Exception as error:  # no message may end the worker; its text may tell of people
            event("failed", level=logging.ERROR, mark=item.delivery.mark,
                  error=type(error).__name__)  # fmt: skip
            item.failures += 1
            if item.failures < self._tries:
                return None
            self._metrics.dead.labels("failed").inc()
            return Leaving(item.delivery, item.delivery.body, "failed"), (operation, "dead")
        if outcome in _OURS:
            item.failures += 1
            if item.failures < self._tries:
                return None
        return Leaving(item.delivery, body), (operation, outcome)

    def _prepared(self, item: Item) -> tuple[Incoming, Any]:
        if item.ready is None:
            return read(item.delivery.body), None
        if item.ready.exception() is None:
            return item.ready.result()
        # What failed beside others is done again here, where failures are counted or waited for.
        self._in_hand.take([item.delivery.digest])
        return read(item.delivery.body), None

    def _unreadable(self, item: Item, incoming: Incoming) -> tuple[Leaving, tuple[str, str]]:
        if incoming.answer:
            answered = Leaving(item.delivery, incoming.answer)
            return answered, ("other", Reason.INVALID_STRUCTURE.value)
        self._metrics.dead.labels("unreadable").inc()
        return Leaving(item.delivery, item.delivery.body, "unreadable"), ("other", "dead")


def _dead(item: Item, reason: str) -> Done:
    leaving = Leaving(item.delivery, item.delivery.body, reason)
    return Done([item], [leaving], [("other", "dead")])
