"""docs/howto/replace-mosip-mock-abis.md: its commands run, against a broker of the tests' own."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests import child
from tests.exchange.broker import installed
from tests.exchange.broker.conversation import INBOUND, OUTBOUND, Conversation, talk
from tests.exchange.broker.jms import JmsPeer
from tests.exchange.broker.running import Broker
from tests.exchange.conformance.datashare import CLIENT, SECRET, DataShare, Partner

_PAGE = "docs/howto/replace-mosip-mock-abis.md"


def _blocks(root: Path) -> list[str]:
    return re.findall(r"^```\n(.*?)^```$", (root / _PAGE).read_text(), re.MULTILINE | re.DOTALL)


def _command(root: Path, places: dict[str, str]) -> list[str]:
    """The page's ``civid abis``, with the names of this machine for those of the page."""
    (text,) = (one for one in _blocks(root) if "civid abis" in one)
    text = text[text.index("civid abis") :].replace("\\\n", " ")
    for theirs, ours in places.items():
        assert theirs in text, f"{theirs} stands no more on the page"
        text = text.replace(theirs, ours)
    return [sys.executable, "-m", *shlex.split(text)]


def test_the_command_of_the_page(artemis: Broker, root: Path, tmp_path: Path) -> None:
    key = tmp_path / "partner.pem"
    key.write_bytes(Partner().pem())
    key.chmod(0o600)
    shown: list[str] = []
    with installed.skipping(), DataShare(signed=True) as share, JmsPeer(artemis) as peer:
        page = "https://api-internal.example/v1/authmanager/authenticate/clientidsecretkey"
        command = _command(
            root,
            {
                "/var/lib/civid/abis": str(tmp_path / "abis"),
                "stomp://regproc@broker.example:61613": artemis.url,
                "http://datashare.datashare": share.origin,
                page: share.auth_url,
                "/etc/civid/partner.p12": str(key),
            },
        )
        assert command[command.index("--inbound") :][:2] == ["--inbound", INBOUND]
        assert command[command.index("--outbound") :][:2] == ["--outbound", OUTBOUND]
        assert command[command.index("--client-id") :][:2] == ["--client-id", CLIENT]
        environment = child.environment(
            CIVID_BROKER_PASSWORD=artemis.password, CIVID_CLIENT_SECRET=SECRET
        )
        with (tmp_path / "log").open("wb") as log:
            worker = subprocess.Popen(
                [*command, "--metrics", "none"], env=environment, stdout=log, stderr=log
            )
            try:
                talk(Conversation(peer, share, shown.append), shown.append)
            finally:
                worker.terminate()
                status = worker.wait(60)
        log_text = (tmp_path / "log").read_text()
    assert status == 0, log_text
    assert any("1 candidate; " in line for line in shown)
    assert any("failed, reason 12" in line for line in shown)
    assert any("2 people are stored" in line for line in shown)
    assert SECRET not in log_text
    assert artemis.password not in log_text


def test_what_the_page_names_is_there(root: Path) -> None:
    page = (root / _PAGE).read_text()
    makefile = (root / "Makefile").read_text()
    assert "make abis" in page
    assert "\nabis: " in makefile
    assert "BROKER ?= artemis" in makefile
    assert "python -m tests.exchange.conformance --write" in page
