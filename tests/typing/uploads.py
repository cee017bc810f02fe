"""What stands before a gallery: uploads, gates, parameters; and clusters' answers. Never run."""

from __future__ import annotations

from typing import assert_type

from civid import (
    ClusterError,
    Examination,
    ExtractionParameters,
    FingerImage,
    Gate,
    IncompleteError,
    NotAcknowledgedError,
    Position,
    Template,
    Upload,
    UploadedPrint,
    Verdict,
    examine,
    explain,
    read_upload,
)
from civid.search import OperatingPoint


def captured(sent: bytes, gate: Gate, attempt: int) -> dict[Position, Template]:
    upload = assert_type(read_upload(sent, dpi=500), Upload)
    found: dict[Position, Template] = {}
    for one in upload.prints():
        assert_type(one, UploadedPrint)
        verdict = assert_type(gate.judge(one, attempt), Verdict)
        if verdict.accepted:
            found[one.position] = one.template
    return found


def looked(image: FingerImage, gate: Gate) -> tuple[str, ...]:
    parameters = ExtractionParameters()
    seen = assert_type(examine(image, parameters), Examination)
    explain(image)
    verdicts = [gate.judge(seen), gate.judge(seen.report), gate.judge(seen.template)]
    return tuple(line for one in verdicts for line in one.advice("vi"))


def told(error: ClusterError) -> bool:
    return isinstance(error, IncompleteError | NotAcknowledgedError)


def score(point: OperatingPoint) -> str:
    return repr(point)
