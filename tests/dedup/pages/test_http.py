"""What stands around the pages, asked for without a browser: headers, forms, hosts, sessions."""

from __future__ import annotations

import http.client
import ipaddress
import re
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.dedup.pages.office import Office, file_case, served
from tests.register.citizens import citizen

from civid.dedup.pages import sessions
from civid.dedup.pages.officers import FILE
from civid.dedup.pages.server import listen


class Browser:
    """Cookies and forms, and nothing else."""

    def __init__(self, address: str):
        self.host = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **more: str
    ) -> tuple[int, str]:
        link = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Cookie": "; ".join(f"{a}={b}" for a, b in self.cookies.items()), **more}
        headers["Accept-Language"] = "en"
        body = None
        if form is not None:
            body = urlencode(form)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        link.request(method, path, body, headers)
        answer = link.getresponse()
        text = answer.read().decode()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                pair = value.split(";")[0].split("=", 1)
                self.cookies[pair[0]] = pair[1]
                assert "HttpOnly" in value
                assert "SameSite=strict" in value
        link.close()
        return answer.status, text

    def key(self, path: str) -> str:
        _, text = self.ask("GET", path)
        found = re.search(r'name="form_key" value="([0-9a-f]{64})"', text)
        assert found is not None
        return found[1]

    def sign_in(self, name: str, password: str) -> int:
        form = {"form_key": self.key("/sign-in"), "name": name, "password": password}
        return self.ask("POST", "/sign-in", form)[0]


@pytest.fixture
def address(room: Office) -> Iterator[str]:
    room.officer("officer-1")
    with served(room) as where:
        yield where


@pytest.fixture
def officer(room: Office, address: str) -> Browser:
    one = Browser(address)
    assert one.sign_in("officer-1", room.passwords["officer-1"]) == 303
    return one


def test_every_answer_has_the_headers(address: str) -> None:
    one = Browser(address)
    for path in ("/sign-in", "/", "/static/keys.js", "/nowhere", "/static/../app.py"):
        one.ask("GET", path)
        assert "default-src 'none'" in one.headers["content-security-policy"]
        assert "unsafe" not in one.headers["content-security-policy"]
        assert one.headers["x-content-type-options"] == "nosniff"
        assert one.headers["x-frame-options"] == "DENY"
        assert "server" not in one.headers


def test_nothing_without_signing_in(address: str) -> None:
    one = Browser(address)
    for path in ("/", "/decided", f"/case/{'0' * 32}"):
        status, _ = one.ask("GET", path)
        assert status == 303
        assert one.headers["location"].startswith("/sign-in")
    key = one.key("/sign-in")
    status, _ = one.ask("POST", "/next", {"form_key": key})
    assert status == 303
    assert one.headers["location"].startswith("/sign-in")


def test_the_session_gets_a_new_key_when_somebody_signs_in(room: Office, address: str) -> None:
    one = Browser(address)
    one.key("/sign-in")
    before = one.cookies["civid_session"]
    assert one.sign_in("officer-1", room.passwords["officer-1"]) == 303
    assert one.cookies["civid_session"] != before
    one.cookies["civid_session"] = before
    assert one.ask("GET", "/")[0] == 303


def test_a_form_from_elsewhere_is_refused(officer: Browser) -> None:
    key = officer.key("/")
    assert officer.ask("POST", "/next", {})[0] == 403
    assert officer.ask("POST", "/next", {"form_key": "0" * 64})[0] == 403
    evil = {"Origin": "http://evil.example"}
    assert officer.ask("POST", "/next", {"form_key": key}, **evil)[0] == 403
    site = {"Sec-Fetch-Site": "cross-site"}
    assert officer.ask("POST", "/next", {"form_key": key}, **site)[0] == 403
    assert officer.ask("POST", "/next", {"form_key": key})[0] == 303


def test_a_form_key_of_somebody_else_is_refused(
    room: Office, address: str, officer: Browser
) -> None:
    room.officer("officer-2")
    other = Browser(address)
    assert other.sign_in("officer-2", room.passwords["officer-2"]) == 303
    assert officer.ask("POST", "/next", {"form_key": other.key("/")})[0] == 403


def test_every_post_needs_a_form_key(officer: Browser) -> None:
    case = "/case/" + "0" * 32
    for path in ("/next", "/sign-in", "/sign-out", "/language", f"{case}/decide",
                 f"{case}/postpone", f"{case}/withdraw", f"{case}/undo"):  # fmt: skip
        assert officer.ask("POST", path, {"name": "x"})[0] == 403
        assert officer.ask("GET", path)[0] in (200, 405)  # /sign-in has a page


def test_bodies_are_bounded_and_of_one_kind(officer: Browser) -> None:
    key = officer.key("/")
    assert officer.ask("POST", "/next", {"form_key": key, "x": "a" * 70_000})[0] == 400
    many = {f"f{number}": "" for number in range(300)}
    assert officer.ask("POST", "/next", {"form_key": key} | many)[0] == 400
    kind = {"Content-Type": "text/plain"}
    assert officer.ask("POST", "/next", {"form_key": key}, **kind)[0] == 400


def test_other_names_of_this_machine_are_refused(address: str) -> None:
    one = Browser(address)
    assert one.ask("GET", "/sign-in", Host="evil.example")[0] == 400


def test_the_language_leads_back_to_our_own_pages_only(officer: Browser) -> None:
    for back, wanted in (("/decided", "/decided"), ("//evil.example/", "/"),
                         ("https://evil.example", "/"), ("/\\evil.example", "/")):  # fmt: skip
        form = {"form_key": officer.key("/"), "language": "vi", "back": back}
        assert officer.ask("POST", "/language", form)[0] == 303
        assert officer.headers["location"] == wanted


def test_who_is_taken_away_is_out_at_once(room: Office, officer: Browser) -> None:
    assert officer.ask("GET", "/")[0] == 200
    room.officer("officer-1")  # a new password
    assert officer.ask("GET", "/")[0] == 303


def test_wrong_passwords_have_to_wait_and_are_in_the_log(room: Office, address: str) -> None:
    one = Browser(address)
    for _ in range(sessions._TRIES):
        assert one.sign_in("officer-1", "wrong") == 403
    assert one.sign_in("officer-1", room.passwords["officer-1"]) == 429
    told = [each for each in room.register.audit.entries() if "sign_in" in each.operation]
    assert [each.outcome for each in told] == ["refused"] * sessions._TRIES


def test_addresses_that_lead_nowhere(officer: Browser) -> None:
    for path in ("/case/x", "/case/" + "0" * 32, "/case/" + "g" * 32, "/case/a/b", "/%00"):
        assert officer.ask("GET", path)[0] == 404


def test_a_case_of_others_is_not_shown(room: Office, officer: Browser) -> None:
    said = citizen()
    room.register.people.add(said, unit="46")
    two = room.register.people.add(citizen(name="Nguyễn Thị Ân"), unit="46")
    case = file_case(room.register, two.reference)
    status, text = officer.ask("GET", f"/case/{case}")
    assert status == 403
    assert "Nguy" not in text
    told = room.register.audit.entries()[-1]
    assert (told.operation, told.outcome, told.actor) == (
        "adjudication.read", "refused", "officer-1",
    )  # fmt: skip


@pytest.fixture
def held(room: Office, officer: Browser) -> str:
    """A case that the officer has."""
    room.register.people.add(citizen(), unit="46")
    two = room.register.people.add(citizen(), unit="46")
    file_case(room.register, two.reference)
    assert officer.ask("POST", "/next", {"form_key": officer.key("/")})[0] == 303
    return officer.headers["location"]


ODD = ["", " ", "\0", "same-person", "same-person prints.alike x", "x" * 3000, "\ud800", "a\nb",
       "different-people twins", "../..", "-1", "9" * 30, "<b>"]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_forms_and_addresses_are_answered(officer: Browser, held: str, odd: str) -> None:
    key, safe = officer.key(held), odd.encode("utf-8", "replace").decode()
    for path in (held, "/", "/decided"):
        for name in ("with", "finger", "say", "after"):
            assert officer.ask("GET", f"{path}?{urlencode({name: safe})}")[0] < 500
    for sure in ("", "yes"):
        for field in ("answer", "people", "note", "ticket"):
            form = {"form_key": key, "answer": "same-person data.alike", "sure": sure, field: safe}
            status, text = officer.ask("POST", f"{held}/decide", form)
            assert status in (200, 303, 400, 409), (status, field, sure)
            assert "<b>" not in text
            if status == 303:  # it was a decision, after all
                return
    assert officer.ask("POST", f"{held}/postpone", {"form_key": key, "reason": safe})[0] < 500
    assert officer.ask("POST", f"{held}/undo", {"form_key": key, "reason": safe})[0] < 500


def _said(officer: Browser, held: str) -> dict[str, str]:
    """The form of an answer to the case that the officer has."""
    key, (_, shown) = officer.key(held), officer.ask("GET", held)
    ticket = re.search(r'name="ticket" value="([0-9a-f]+)"', shown)
    assert ticket is not None
    return {"form_key": key, "answer": "same-person data.alike", "sure": "yes", "ticket": ticket[1]}


def _answered(officer: Browser, held: str) -> str:
    """An answer is kept, and the first page afterwards."""
    assert officer.ask("POST", f"{held}/decide", _said(officer, held))[0] == 303
    assert officer.headers["location"] == "/?say=kept-first"
    return officer.ask("GET", officer.headers["location"])[1]


def test_an_answer_is_taken_back_as_long_as_nobody_has_the_case(
    room: Office, address: str, officer: Browser, held: str
) -> None:
    assert "Take back" not in officer.ask("GET", "/")[1]
    text = _answered(officer, held)
    assert re.search(rf'action="{held}/withdraw".*data-key="z".*>Take back <', text, re.DOTALL)
    form = {"form_key": officer.key("/"), "language": "vi", "back": "/"}
    officer.ask("POST", "/language", form)
    assert "Rút lại" in officer.ask("GET", "/")[1]
    officer.ask("POST", "/language", form | {"language": "en"})
    assert officer.ask("POST", f"{held}/withdraw", {"form_key": officer.key("/")})[0] == 303
    assert officer.headers["location"] == f"{held}?say=withdrawn"
    status, text = officer.ask("GET", officer.headers["location"])
    assert (status, "yours again" in text, 'name="answer"' in text) == (200, True, True)
    _answered(officer, held)

    room.officer("officer-2")
    other = Browser(address)
    assert other.sign_in("officer-2", room.passwords["officer-2"]) == 303
    key = other.key("/")
    assert other.ask("POST", f"{held}/withdraw", {"form_key": key})[0] == 403  # not theirs
    assert other.ask("POST", "/next", {"form_key": key})[0] == 303
    assert other.headers["location"] == held
    assert "Take back" not in officer.ask("GET", "/")[1]
    status, text = officer.ask("POST", f"{held}/withdraw", {"form_key": officer.key("/")})
    assert status == 409
    assert "Too late to take it back" in text
    # Once it is decided, the file shows what was taken back, and that it was.
    assert other.ask("POST", f"{held}/decide", _said(other, held))[0] == 303
    assert other.headers["location"] == "/?say=kept"
    status, text = other.ask("GET", held)
    assert (status, len(re.findall("<del>.*</del> .taken back ", text))) == (200, 1)


def test_under_tls_cookies_travel_over_tls_alone(room: Office, tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    made = listen(
        room.register, room.folder / FILE, port=0, certificate=certificate, private_key=key
    )
    assert made.address.startswith("https://")
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        trusted = ssl.create_default_context(cafile=str(certificate))
        link = http.client.HTTPSConnection(
            urlsplit(made.address).netloc, timeout=30, context=trusted
        )
        link.request("GET", "/sign-in")
        answer = link.getresponse()
        answer.read()
        assert answer.status == 200
        assert "Secure" in (answer.getheader("set-cookie") or "")
        link.close()
    finally:
        made.server.should_exit = True
        thread.join(30)


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "civid test")])
    now = datetime.now(UTC)
    local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(local, critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
