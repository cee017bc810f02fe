"""What a candidate's score is made of, finger by finger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from civid._native import address, check, ffi, lib
from civid._native.buffers import comparison_scratch
from civid.position import Position
from civid.search.arrays.parts import View
from civid.search.arrays.prepared import Prepared
from civid.search.backends.base import Candidates
from civid.search.backends.comparing import prepare_one
from civid.search.backends.rules import LABELLED, Rules
from civid.search.parameters.meaning import AS_MEASURED, How
from civid.search.results import Candidate, Duplicate, Evidence, FingerEvidence

if TYPE_CHECKING:
    from civid.search.checkpoint import Found


def evidence(
    probes: View,
    probe: int,
    references: View,
    reference: int,
    rules: Rules = LABELLED,
    *,
    pairs: bool = False,
    how: How = AS_MEASURED,
    prepared: Prepared | None = None,
) -> Evidence:
    """Compare two subjects once more and keep the terms; with `pairs` their minutiae, too."""
    return compared(
        probes, probe, references, reference, rules, pairs=pairs, how=how, prepared=prepared
    )[1]


def compared(
    probes: View,
    probe: int,
    references: View,
    reference: int,
    rules: Rules = LABELLED,
    *,
    pairs: bool = False,
    how: How = AS_MEASURED,
    prepared: Prepared | None = None,
) -> tuple[float, Evidence]:
    """The same, and the score that the terms make; 0 and none where nothing can be compared.
    `prepared`: the probe, where it is at hand."""
    memory = comparison_scratch()
    first = prepared or prepare_one(probes, probe)
    second = prepare_one(references, reference)
    candidate = ffi.new("civid_candidate_t *")
    terms = ffi.new("civid_evidence_t[]", lib.CIVID_POSITIONS)
    count = ffi.new("int32_t *")
    room = np.zeros((lib.CIVID_MAX_PAIRS if pairs else 0, 2), np.uint8)
    paired = address(room, "uint8_t[]", writable=True) if pairs else ffi.NULL
    check(
        lib.civid_search_evidence(
            first.pointer,
            0,
            second.pointer,
            0,
            rules.pointer(),
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            candidate,
            terms,
            count,
            ffi.cast("civid_pair_t *", paired),
            len(room),
        )
    )
    found = list(terms[0 : count[0]])
    ends = np.cumsum([term.pairs for term in found], dtype=np.int64)
    mine, theirs = probes.unmeasured(probe), references.unmeasured(reference)
    terms_found = tuple(
        FingerEvidence(
            Position(term.probe_position),
            Position(term.reference_position),
            float(term.score),
            int(term.pairs),
            int(term.compared),
            room[end - term.pairs : end].astype(np.int64) if pairs else None,
            how.parameters,
            how.calibrated
            and term.probe_position not in mine
            and term.reference_position not in theirs,
        )
        for term, end in zip(found, ends.tolist(), strict=True)
    )
    return float(candidate.score) if terms_found else 0.0, terms_found


def duplicates_of(
    view: View, references: View, found: Found, rules: Rules, how: How
) -> Iterator[Duplicate]:
    """What pairs of slots and scores are: subjects, with the terms of their scores."""
    for subject, reference, score in found:
        yield Duplicate(
            view.id(subject),
            references.id(reference),
            score,
            evidence(view, subject, references, reference, rules, how=how),
        )


def candidates_of(
    view: View, rules: Rules, pairs: bool, one: tuple[View, How, Candidates]
) -> list[Candidate]:
    """What was found for a probe, with the terms of each score; the probe is prepared once."""
    probe, how, found = one
    prepared = prepare_one(probe, 0) if len(found) else None
    candidates = []
    for _, slot, score, _ in found.tolist():
        terms = evidence(probe, 0, view, slot, rules, pairs=pairs, how=how, prepared=prepared)
        candidates.append(
            Candidate(view.id(slot), score, terms, view.living, *how_compared(how, terms))
        )
    return candidates


def how_compared(how: How, terms: Evidence) -> How:
    """What a result says of its score, which is a false match rate where each of its terms is."""
    return how._replace(calibrated=how.calibrated and all(term.calibrated for term in terms))
