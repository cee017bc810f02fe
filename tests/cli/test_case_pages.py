"""``civid case officer``, ``serve`` and ``show --html``."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.dedup.pages.office import UNIT, file_case
from tests.register.citizens import citizen

from civid.dedup.cases import CaseDesk
from civid.dedup.pages import rendering
from civid.register import Register

Civid = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A register with a case that officer-1 has."""
    made = tmp_path / "register"
    with Register.open(made, create=True) as register:
        register.people.add(citizen("Nguyễn Thị An"), unit=UNIT)
        two = register.people.add(citizen("Nguyễn Thị An", home_town="Huế"), unit=UNIT)
        file_case(register, two.reference)
        assert CaseDesk(register.acting_as("officer-1")).assign() is not None
    return str(made)


def test_accounts_come_and_go(civid: Civid, folder: str) -> None:
    made = civid("case", "officer", "add", folder, "officer-1", "--unit", "46", "--json").json
    again = civid("case", "officer", "add", folder, "officer-1", "--scope", "", "--json").json
    assert made["password"] != again["password"]
    (one,) = civid("case", "officer", "list", folder, "--json").json
    assert one == {"name": "officer-1", "unit": "", "scope": [""]}
    shown = civid("case", "officer", "list", folder)
    assert "officer-1" in shown.out
    assert again["password"] not in shown.out
    assert civid("case", "officer", "remove", folder, "officer-1").code == 0
    assert civid("case", "officer", "remove", folder, "officer-1").code == 3
    assert civid("case", "officer", "list", folder, "--json").json == []


def test_a_server_needs_a_file_for_accounts(civid: Civid) -> None:
    said = civid("case", "officer", "list", "postgresql://nobody@127.0.0.1:1/x")
    assert said.code == 2
    assert "--officers" in said.err


@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_file(civid: Civid, folder: str, tmp_path: Path, language: str) -> None:
    with Register.open(folder) as register:
        (case,) = [one.reference for one in CaseDesk(register).list()]
    file = tmp_path / "case.html"
    done = civid("case", "show", folder, case, "--html", str(file), "--as", "officer-1",
                 "--lang", language)  # fmt: skip
    assert done.code == 0, done.err
    text = file.read_text("utf-8")
    assert f'<html lang="{language}">' in text
    assert text.count("Nguyễn Thị An") >= 2
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    refused = civid("case", "show", folder, case, "--html", str(tmp_path / "b.html"), "--as",
                    "officer-2")  # fmt: skip
    assert refused.code == 4
    assert not (tmp_path / "b.html").exists()


def test_a_missing_extra_is_named(
    civid: Civid, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Register.open(folder) as register:
        (case,) = [one.reference for one in CaseDesk(register).list()]
    rendering._environment.cache_clear()
    for name in ("jinja2", "uvicorn"):
        monkeypatch.setitem(sys.modules, name, None)
    for words in (["show", folder, case, "--html", str(tmp_path / "a.html"), "--as", "officer-1"],
                  ["serve", folder, "--port", "0"]):  # fmt: skip
        said = civid("case", *words)
        assert said.code == 6
        assert "civid[pages]" in said.err


def test_beyond_this_machine_only_with_a_certificate(civid: Civid, folder: str) -> None:
    said = civid("case", "serve", folder, "--host", "0.0.0.0", "--port", "0")
    assert said.code == 3
    assert "certificate" in said.err


def test_a_port_that_is_taken(civid: Civid, folder: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = civid("case", "serve", folder, "--port", str(taken.getsockname()[1]))
    assert said.code == 4
    assert "cannot be served" in said.err


def test_it_serves_until_it_is_stopped(folder: str) -> None:
    words = [sys.executable, "-m", "civid", "case", "serve", folder, "--port", "0"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        where = urlsplit(running.stdout.readline().strip())
        assert where.hostname == "127.0.0.1"
        link = http.client.HTTPConnection(where.netloc, timeout=60)
        link.request("GET", "/sign-in")
        assert link.getresponse().status == 200
        link.close()
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) in (0, -signal.SIGTERM)
        assert running.stderr is not None
        assert "nobody has an account yet" in running.stderr.read()
    with Register.open(folder) as register:
        assert register.audit.verify().whole
