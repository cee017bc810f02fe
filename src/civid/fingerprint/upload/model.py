"""An upload and its prints, extracted when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from civid.errors import FormatError
from civid.fingerprint.compare import prepare
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.fingerprint.quality import QualityReport, examine
from civid.fingerprint.template import Template
from civid.fingerprint.upload.inside import Inside, position_of
from civid.position import Position

Fingers = list[tuple[Position, FingerImage]]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class UploadedPrint:
    """One print of an upload, extracted.

    Attributes
    ----------
    position : Position
        The finger that the file says, or that was cut out of a slap; `Position.UNKNOWN` where
        nothing says it.
    image : FingerImage or None
        None = it was a template already.
    template : Template
        Its minutiae; may be empty. It can be compared: what cannot was refused.
    report : QualityReport or None
        Quality, reasons, advice; None without an image.
    """

    position: Position
    image: FingerImage | None
    template: Template
    report: QualityReport | None

    def __repr__(self) -> str:
        kind = "template" if self.image is None else "image"
        return f"<UploadedPrint: {kind} of {self.position.name}, {self.template!r}>"


@dataclass(frozen=True, slots=True)
class Cut:
    """A picture of several fingers that is cut when they are wanted."""

    fingers: tuple[Position, ...]
    read: Callable[[], Fingers]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Upload:
    """What `read_upload` found in a file. Nothing is extracted before it is asked for.

    Attributes
    ----------
    format : str
        Key of the format, as of `civid.formats.names`.
    kind : str
        ``"picture"``, ``"minutiae"``, or ``"several"``: image records, transactions, envelopes,
        slaps and ten-print cards.
    single : tuple
        Prints of one finger, in the order of the file; each has its ``position``.
    cuts : tuple of Cut
        Slaps and cards, with the fingers that they should show.
    parameters : ExtractionParameters or None
        What images are extracted by; None = the defaults.
    """

    format: str
    kind: str
    single: tuple[Inside, ...]
    cuts: tuple[Cut, ...] = ()
    parameters: ExtractionParameters | None = None

    @property
    def unnamed(self) -> int:
        """How many single prints do not say their finger."""
        return sum(one.position is Position.UNKNOWN for one in self.single)

    def prints(self) -> tuple[UploadedPrint, ...]:
        """Every print, extracted; slaps and cards are cut for fingers without a print of their own.

        Raises
        ------
        FormatError
            Several images do not say which finger they are of.
        ImageError, ResolutionError, TemplateError
            One cannot be read, has no resolution, or cannot be compared.
        """
        if self.kind != "minutiae" and self.unnamed > 1:
            raise FormatError(
                f"{self.unnamed} of its prints do not say which finger they are of", field="finger"
            )
        found = [self._extracted(one.position, one.read()) for one in self.single]
        known = {one.position for one in found}
        for cut in self.cuts:
            if known.issuperset(cut.fingers):
                continue
            for position, image in cut.read():
                if position is Position.UNKNOWN or position not in known:
                    known.add(position)
                    found.append(self._extracted(position, image))
        return tuple(found)

    def pick(self, position: Position = Position.UNKNOWN) -> UploadedPrint | None:
        """The only print, whatever finger it says, or the one of this finger; None = neither."""
        if len(self.single) == 1 and not self.cuts:
            return self._extracted(self.single[0].position, self.single[0].read())
        if position is Position.UNKNOWN:
            return None
        fitting = [one for one in self.single if one.position == position]
        if fitting:
            return self._extracted(position, fitting[0].read()) if len(fitting) == 1 else None
        for cut in self.cuts:
            if position in cut.fingers:
                image = dict(cut.read()).get(position)
                return None if image is None else self._extracted(position, image)
        return None

    def one(self, position: Position = Position.UNKNOWN) -> UploadedPrint:
        """The same as `pick`, or why not.

        Raises
        ------
        FormatError
            There are several, and not one of this finger.
        """
        found = self.pick(position)
        if found is None:
            count = len(self.single) + len(self.cuts)
            raise FormatError(f"holds {count} prints, and not one of this finger", field="finger")
        return found

    def __repr__(self) -> str:
        return f"<Upload: {self.format}, {len(self.single)} prints, {len(self.cuts)} to cut>"

    def _extracted(self, position: Position, read: FingerImage | Template) -> UploadedPrint:
        if isinstance(read, Template):
            prepare(read)  # what cannot be compared is refused here
            return UploadedPrint(position_of(position), None, read, None)
        template, report = examine(read, self.parameters)
        prepare(template)
        return UploadedPrint(position_of(position), read, template, report)
