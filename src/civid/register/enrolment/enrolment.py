"""Enrolment (thu nhận): the counter's steps as one guided object that goes on after a crash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from civid.errors import FieldError
from civid.fingerprint.image import FingerImage
from civid.fingerprint.parameters import ExtractionParameters
from civid.people.citizen import Claim
from civid.position import Position
from civid.register.actor import Capability
from civid.register.enrolment import duplicates
from civid.register.enrolment.counter import Counter
from civid.register.enrolment.frames import Exceptional, Frame, MissingReason, frame_of
from civid.register.enrolment.paper_steps import PaperSteps, Receipt, Signer, checked_portrait
from civid.register.enrolment.plan import CounterStep
from civid.register.enrolment.print_steps import PrintSteps
from civid.register.enrolment.prints_taken import examine
from civid.register.enrolment.standing import Checked, Feedback, Standing
from civid.register.identity.dossier import Dossier
from civid.register.identity.prints import settle
from civid.register.session import Session, check_capability


class Enrolment:
    """One citizen at the counter. Made by `Register.enrolment`.

    Each method is one step or a part of one, is kept before it returns, and is written into the
    log. Nothing lives in this object alone: after a crash, ``register.enrolment(dossier=ID)`` goes
    on where it stood. One station uses one object; it is not for several threads.

    Every method may raise `TransitionError` (another step is next, or the dossier waits for a
    correction), `ChangedMeanwhileError` (another station took it up: `refresh`) and
    `AccessRefusedError`.

    Examples
    --------
    A child under six, who gives no biometrics:

    >>> from datetime import date
    >>> import tempfile
    >>> from civid.people.citizen import Source, claim
    >>> from civid.people.working_days import Calendar
    >>> from civid.register import Register
    >>> day = date.today().replace(month=1, day=1)
    >>> said = {"name": "Nguyễn Thị An", "birth": f"01/01/{day.year}", "sex": "Nữ",
    ...         "number": f"0463{day.year % 100:02d}123456"}
    >>> claims = [claim(field, text, Source.CIVIL_STATUS, day) for field, text in said.items()]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Register.open(folder, create=True) as register:
    ...         child = register.people.add(claims, unit="46/474")
    ...         one = register.enrolment(child, unit="46/474", calendar=Calendar(national=False))
    ...         lacking = one.check().lacking
    ...         found = one.confirm()
    ...         one.sign(one.receipt(), signer="representative")
    ...         slip = one.hand_over()
    ...         one.dossier.state.value, one.step
    ('enrolled', None)
    """

    def __init__(self, session: Session, dossier: str):
        self._session = session
        self._reference = dossier
        self._counter = Counter(session)
        self._prints = PrintSteps(session)
        self._papers = PaperSteps(session)
        self._standing = self._counter.see(dossier)
        self._search_again()
        if self.step is not None:
            self._standing = self._counter.take_up(dossier)

    def __repr__(self) -> str:
        return f"<Enrolment at {self.step or 'the end'}>"

    # ---- where it stands

    @property
    def standing(self) -> Standing:
        """As of the last call."""
        return self._standing

    @property
    def dossier(self) -> Dossier:
        """The dossier, as of the last call."""
        return self._standing.dossier

    @property
    def reference(self) -> str:
        """Of the dossier: what is needed to go on after a crash."""
        return self._reference

    @property
    def step(self) -> CounterStep | None:
        """What is to be done now; None = nothing is left at the counter."""
        return self._standing.step

    @property
    def next_frame(self) -> Frame | None:
        """Which frame is to be captured now."""
        return self._standing.next_frame

    @property
    def blocked(self) -> bool:
        """Whether a correction has to be decided first."""
        return self._standing.blocked

    @property
    def waits(self) -> bool:
        """Whether the dossier waits for a decision behind the counter."""
        return self._standing.waits

    def refresh(self) -> Standing:
        """Read again where it stands, and work on it from here."""
        self._standing = self._counter.see(self._reference)
        if self._standing.step is not None:
            self._standing = self._counter.take_up(self._reference)
        return self._standing

    @property
    def _version(self) -> int:
        return self._standing.dossier.version

    # ---- steps

    def check(self, shown: Iterable[Claim] = ()) -> Checked:
        """Look the citizen up in the register (kiểm tra dữ liệu dân cư).

        Parameters
        ----------
        shown : iterable of Claim
            What the papers say that the citizen shows; compared, not recorded.
        """
        found, self._standing = self._counter.check(self._reference, self._version, tuple(shown))
        return found

    def confirm(self, claims: Iterable[Claim] = (), *, source: str = "") -> Checked:
        """Confirm the data, or correct them first (xác nhận, DC02).

        Parameters
        ----------
        claims : iterable of Claim
            Corrections; they need the capability to correct.
        source : str
            The form, such as ``DC02``.

        Returns
        -------
        Checked
            When something is still lacking, a correction case is open and the dossier waits
            (`blocked`); close the case and call this again.
        """
        found, self._standing = self._counter.confirm(
            self._reference, self._version, tuple(claims), source
        )
        return found

    def block(self, codes: Sequence[str], note: str = "") -> None:
        """Open a correction: data are missing or contradict each other."""
        self._standing = self._counter.block(self._reference, self._version, codes, note)

    def exception(self, kind: Exceptional | str, note: str = "") -> None:
        """Note that somebody is enrolled in another way: elderly, ill, at home."""
        self._standing = self._counter.exception(self._reference, self._version, kind, note)

    def missing(self, position: Position, reason: MissingReason | str, note: str = "") -> None:
        """Say why a finger gives no print; its frames are then captured without it."""
        self._standing = self._prints.missing(
            self._reference, self._version, position, reason, note
        )

    def present(self, position: Position) -> None:
        """Take back that a finger is missing."""
        self._standing = self._prints.present(self._reference, self._version, position)

    def capture(
        self,
        frame: str | Frame,
        images: FingerImage | Mapping[Position, FingerImage],
        *,
        parameters: ExtractionParameters | None = None,
    ) -> Feedback:
        """Keep a capture of a frame, and hear at once what is wrong with it.

        Parameters
        ----------
        frame : str or Frame
            In any order; `next_frame` says which is next by the law.
        images : FingerImage or mapping of Position to FingerImage
            One image for a rolled finger; for a flat frame one a finger, as the scanner cut them.
        parameters : ExtractionParameters, optional
            By which minutiae are found, as for `civid.extract`: the choice of this station.

        Raises
        ------
        FieldError
            Not the fingers of this frame, apart from the missing ones.
        ImageError
            As `civid.extract`.
        """
        check_capability(self._session, "enrolment.capture", Capability.ENROL)
        wanted = frame_of(frame)
        if isinstance(images, FingerImage):
            if len(wanted.positions) != 1:
                raise FieldError("frame", "this frame has several fingers: give one image each")
            images = {wanted.positions[0]: images}
        taken = examine(wanted, images, tuple(self.dossier.missing), parameters)
        said, self._standing = self._prints.keep(self._reference, self._version, wanted, taken)
        return said

    def discard(self, frame: str | Frame) -> None:
        """Throw away what is kept of a frame, because it was another finger."""
        self._standing = self._prints.discard(self._reference, self._version, frame_of(frame))

    def finish_prints(self) -> bool:
        """End the step of the prints: the best of each finger go into the gallery.

        Before, everybody is searched for (1:N). Who was found is not told here: cases are opened,
        and the dossier waits.

        Returns
        -------
        bool
            Whether the dossier waits for a decision.

        Raises
        ------
        TransitionError
            Frames are left, or rolled fingers look exchanged: discard them, capture them again.
        ChangedMeanwhileError
            Another station enrolled prints of this person, or changed this dossier, in between.
        """
        chosen, poor = self._prints.best(self._reference, self._version)
        digest = self._prints.kept_digest(self._reference)
        fingers = {position: one.template for position, one in chosen.items()}
        found = duplicates.search(self._session, fingers, self._standing.plan) if fingers else []
        self._standing = self._prints.finish(
            self._reference, self._version, fingers or None, poor, found, digest
        )
        self._search_again()
        return self.waits

    def _search_again(self) -> None:
        """Finish what a crash may have left: the gallery, and the second search."""
        fingers = {
            position: one.template
            for position, one in self._prints.recheck(self._reference).items()
        }
        if not fingers:
            return
        settle(self._session)
        found = duplicates.search(self._session, fingers, self._standing.plan)
        self._standing = self._prints.search_again(self._reference, found)

    def portrait(self, data: bytes) -> None:
        """Keep the portrait: the bytes of a picture file, each side at least 236 px.

        Raises
        ------
        ImageError, FieldError
            Not a picture, or too small.
        """
        self._standing = self._papers.portrait(
            self._reference, self._version, checked_portrait(data)
        )

    def receipt(self, *, language: str = "vi") -> Receipt:
        """The form (CC01) to be printed, checked and signed."""
        return self._papers.receipt(self._reference, language)

    def sign(
        self, receipt: Receipt, *, signer: Signer | str = Signer.SELF, signature: bytes = b""
    ) -> None:
        """Keep the form as signed.

        Parameters
        ----------
        receipt : Receipt
            What was printed.
        signer : Signer
            The citizen, by name or by a mark; for children their representative.
        signature : bytes
            Picture of the signature, if there is one.
        """
        try:
            by = Signer(signer)
        except ValueError:
            raise FieldError("signer", f"not one of {', '.join(Signer)}") from None
        self._standing = self._papers.sign(self._reference, self._version, receipt, by, signature)

    def hand_over(self, old: Iterable[tuple[str, str]] = (), *, language: str = "vi") -> str:
        """Take old papers in and give the appointment slip (CC02) out.

        Parameters
        ----------
        old : iterable of (str, Fate)
            Reference of an old card or paper, and what was done to it.

        Returns
        -------
        str
            The slip.
        """
        self._standing = self._papers.hand_over(self._reference, self._version, tuple(old))
        return self._papers.slip(self._reference, language)
