"""Ids out of addresses."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

#: Of people, encounters and galleries, as the engine has them.
_LONGEST = 128

PersonId = Annotated[str, Path(alias="personId", max_length=_LONGEST)]
EncounterId = Annotated[str, Path(alias="encounterId", max_length=_LONGEST)]
TargetId = Annotated[
    str, Path(alias="personIdTarget", max_length=_LONGEST, description="Who receives")
]
SourceId = Annotated[
    str, Path(alias="personIdSource", max_length=_LONGEST, description="Who gives")
]
GalleryId = Annotated[
    str, Path(alias="galleryId", max_length=_LONGEST, description="ALL stands for all galleries")
]
TaskKey = Annotated[str, Path(alias="taskId", max_length=_LONGEST)]
