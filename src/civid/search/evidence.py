"""What a candidate's score is made of, finger by finger."""

from __future__ import annotations

from civid._native import address, check, ffi, lib
from civid.position import Position
from civid.search.index import View, scratch
from civid.search.results import Evidence, FingerEvidence


def evidence(probes: View, probe: int, references: View, reference: int) -> Evidence:
    """Compare two subjects once more and keep the terms."""
    memory = scratch()
    candidate = ffi.new("civid_candidate_t *")
    terms = ffi.new("civid_evidence_t[]", lib.CIVID_POSITIONS)
    count = ffi.new("int32_t *")
    check(
        lib.civid_search_evidence(
            probes.pointer,
            probe,
            references.pointer,
            reference,
            address(memory, "uint8_t[]", writable=True),
            memory.nbytes,
            candidate,
            terms,
            count,
        )
    )
    return tuple(
        FingerEvidence(
            Position(term.probe_position),
            Position(term.reference_position),
            float(term.score),
            int(term.pairs),
            int(term.compared),
        )
        for term in terms[0 : count[0]]
    )
