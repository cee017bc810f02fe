"""What changes a cluster's subjects: the half of `Cluster` that waits for both replicas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeoutError

from civid.errors import NotAcknowledgedError, SubjectExistsError, SubjectNotFoundError
from civid.search.arrays.slices import Progress
from civid.search.cluster.shards import changes
from civid.search.cluster.shards.changes import Change
from civid.search.cluster.transport import UnreachableError
from civid.search.cluster.upkeep import KeeperDoor
from civid.search.fingers import Fingers, encoded, subject_id

#: Changes that travel to the keeper at once.
_BATCH = 256


class ClusterChanges:
    """See the module."""

    _keeper: KeeperDoor

    def enroll(self, subject: str, fingers: Fingers, *, replace: bool = False) -> None:
        """Add a subject; when this returns, both replicas have it on their disks.

        To enrol again what is there already is no error and changes nothing: after any error, the
        same call may be made again. Otherwise as `civid.search.Gallery.enroll`.

        Raises
        ------
        SubjectExistsError
            The id is enrolled with other fingers.
        NotAcknowledgedError
            A replica has not written it. It may be found later, or not.
        """
        self.enroll_many([(subject, fingers)], replace=replace)

    def enroll_many(
        self,
        subjects: Iterable[tuple[str, Fingers]] | Mapping[str, Fingers],
        *,
        replace: bool = False,
        on_progress: Progress | None = None,
    ) -> int:
        """Add subjects, each for itself, in order; -> how many were not there before.

        Raises
        ------
        SubjectExistsError, NotAcknowledgedError
            As for `enroll`, after the last of them: all others are enrolled.
        """
        items = subjects.items() if isinstance(subjects, Mapping) else subjects
        made = (Change(subject_id(name), encoded(fingers), replace) for name, fingers in items)
        outcomes: list[str | None] = []
        taken: str | None = None
        for batch in _batches(made):
            said = self._change(batch, again=True)
            for one, outcome in zip(batch, said, strict=True):
                if outcome == changes.EXISTS:
                    taken = taken or one.subject
            outcomes += said
            if on_progress is not None:
                on_progress(len(outcomes), len(outcomes))
        self._acknowledged(outcomes)
        if taken is not None:
            raise SubjectExistsError(
                "a subject is enrolled already, with other fingers", subject_id=taken
            )
        return sum(outcome in (changes.ENROLLED, changes.REPLACED) for outcome in outcomes)

    def remove(self, subject: str) -> None:
        """Remove a subject from all replicas.

        Raises
        ------
        SubjectNotFoundError
            There is no such subject.
        NotAcknowledgedError
            As for `enroll`.
        """
        outcomes = self._change([Change(subject_id(subject), None)], again=False)
        self._acknowledged(outcomes)
        if outcomes == [changes.ABSENT]:
            raise SubjectNotFoundError("no such subject in this cluster")

    def _change(self, batch: list[Change], *, again: bool) -> list[str | None]:
        try:
            said: list[str | None] = self._keeper("change", batch, again=again)
        except (UnreachableError, FutureTimeoutError):
            return [None] * len(batch)
        return said

    def _acknowledged(self, outcomes: list[str | None]) -> None:
        lost = [at for at, outcome in enumerate(outcomes) if outcome is None]
        if lost:
            raise NotAcknowledgedError(
                lost, len(outcomes), "a replica did not answer, or its disk could not be written"
            )


def _batches(made: Iterable[Change]) -> Iterator[list[Change]]:
    """At most `_BATCH` at a time, nobody twice in one."""
    batch: list[Change] = []
    names: set[str] = set()
    for one in made:
        if len(batch) == _BATCH or one.subject in names:
            yield batch
            batch, names = [], set()
        batch.append(one)
        names.add(one.subject)
    if batch:
        yield batch
