"""Answers of the population service: yes or no, what is held of a citizen, or a fault.

Service 003 answers ``KetQuaXacThuc`` with ``TonTai``; service 037 a citizen message of QCVN 109
(``CongdanCollection``) in the body of the envelope. Whether ``TonTai`` stands in the namespace of
the service is known from two imitations of it only: both are read.

>>> parse(build(Answer(exists=True))).exists
True
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from civid.errors import FormatError
from civid.exchange.envelopes.names import NDXP, Profile
from civid.exchange.envelopes.soap import SOAP_11, SOAP_12, unwrapped, wrapped
from civid.formats import Finding
from civid.formats.qcvn109 import message_xml
from civid.formats.qcvn109.record import NAMESPACE, Message
from civid.formats.safe_xml import Children, Element, read_xml

_NAME = "answer"
_COLLECTION, _ABOUT = "CongdanCollection", ("GhiChu", "ThoiDiemDuLieu", "SoCongDan")
#: Of an answer: a message about all the citizens that one may hold.
MAX_BYTES = 64 << 20
_TRUE, _FALSE = ("true", "1"), ("false", "0")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer (SOAP 1.1, clause 4.4).

    Parameters
    ----------
    code : str
        ``Client`` where the call was wrong, ``Server`` where it may be sent again.
    text : str
        For people; says nothing about anybody.
    """

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """Exactly one of: a verdict, a citizen message, a fault.

    Parameters
    ----------
    exists : bool or None
        ``TonTai``: what was asked holds.
    message : Message or None
        What is held of a citizen; without anybody in it when there is nobody.
    fault : Fault or None
    header : tuple of Element
        What stood in the header of the envelope.
    warnings : tuple of Finding
        What a tolerant reader found and went on from.
    """

    exists: bool | None = None
    message: Message | None = None
    fault: Fault | None = None
    header: tuple[Element, ...] = ()
    warnings: tuple[Finding, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.exists, self.message, self.fault)) != 1:
            raise FormatError("is one of verdict, message and fault", field=_NAME)

    def __repr__(self) -> str:
        kind = "message" if self.message is not None else "fault" if self.fault else "verdict"
        return f"<Answer: a {kind}>"


def parse(
    data: bytes | bytearray | memoryview, *, profile: Profile = NDXP, strict: bool = False
) -> Answer:
    """Read an answer.

    Parameters
    ----------
    data : bytes-like
        At most 64 MiB of XML.
    profile, strict
        As in `call_xml.parse`.

    Raises
    ------
    FormatError
        Not such an answer; with the path of the element and its byte offset.
    """
    header, root = unwrapped(
        data, most_bytes=MAX_BYTES, max_elements=message_xml.MAX_ELEMENTS, name=_NAME
    )
    warnings: list[Finding] = []
    if (root.space, root.name) == (NAMESPACE, _COLLECTION):
        inside = Children(
            root, _COLLECTION, warnings, strict=strict, attributes=_ABOUT, ordered=False
        )
        message = message_xml.read_collection(
            inside, {name: root.attribute(name) for name in _ABOUT}
        )
        return Answer(message=message, header=header, warnings=message.warnings)
    if root.name == "Fault" and root.space in (SOAP_11, SOAP_12):
        return Answer(fault=_fault(root), header=header)
    if root.space != profile.space or root.name != profile.xml("verdict"):
        raise FormatError("is no answer that is known", offset=root.offset, field=_NAME)
    exists = profile.xml("exists")
    verdict = next((one for one in root.children if one.name == exists), None)
    text = "" if verdict is None else verdict.text.strip()
    if text not in (*_TRUE, *_FALSE):
        offset = (verdict or root).offset
        raise FormatError("should be true or false", offset=offset, field=f"{_NAME}/{exists}")
    inside = Children(root, _NAME, warnings, strict=strict)
    inside.left = {at: one for at, one in inside.left.items() if one is not verdict}
    inside.end()
    return Answer(exists=text in _TRUE, header=header, warnings=tuple(warnings))


def _fault(root: Element) -> Fault:
    texts = {one.name: one for one in root.walk()}
    code = texts.get("faultcode") or texts.get("Value")
    text = texts.get("faultstring") or texts.get("Text")
    name = "" if code is None else code.text.strip().rpartition(":")[2]
    return Fault(name[:64] or "Server", "" if text is None else text.text.strip()[:1024])


def build(answer: Answer, *, profile: Profile = NDXP) -> bytes:
    """Write an answer in an envelope of SOAP 1.1; always strictly, in UTF-8.

    Raises
    ------
    FormatError
        A message that departs from QCVN 109, or a text that XML cannot hold.
    """
    prefixes = {profile.space: "dan", NAMESPACE: "dc"}
    if answer.message is not None:
        inside = read_xml(
            message_xml.build(replace(answer.message, warnings=())),
            max_elements=message_xml.MAX_ELEMENTS,
        )
    elif answer.fault is not None:
        code = Element("faultcode", f"soapenv:{answer.fault.code}")
        text = Element("faultstring", answer.fault.text)
        inside = Element("Fault", children=(code, text), space=SOAP_11)
    else:
        said = "true" if answer.exists else "false"
        verdict = Element(profile.xml("exists"), said, space=profile.space)
        inside = Element(profile.xml("verdict"), children=(verdict,), space=profile.space)
    return wrapped(inside, prefixes, header=answer.header, name=_NAME)
