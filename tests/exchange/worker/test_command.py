"""``civid abis`` as it is typed: what makes no sense is said, and nothing is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from civid.cli.app import command_line

BROKER = ("--broker", "stomp://abis@127.0.0.1:1")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--broker"),
        (("--broker", "stomp://abis:hush@queue.example"), 2, "no password in an address"),
        (("--broker", "tcp://queue.example:61616"), 2, "stomp://user@host:61613"),
        ((*BROKER, "--answers", "xml"), 2, "as-asked"),
        ((*BROKER, "--metrics", "8461"), 2, "host:port"),
        ((*BROKER, "--metrics", "203.0.113.1:1", "--create"), 2, "cannot be listened on"),
        ((*BROKER, "--fetch-from", "share.example"), 2, "origin"),
        ((*BROKER, "--fetch-inside", "http://share.example/path"), 2, "no path"),
        ((*BROKER, "--fetch-seconds", "0"), 2, "limits"),
        ((*BROKER, "--token-url", "https://auth.example/"), 2, "--client-id"),
        ((*BROKER, "--target-fpir", "999"), 2, "target_fpir"),
        ((*BROKER, "--outbound", "mosip-to-abis"), 2, "queues"),
        ((*BROKER, "--partner-key", "missing.pem"), 3, "missing.pem"),
        ((*BROKER, "--partner-key", "nonsense"), 2, "not a PEM or PKCS#12 file"),
        ((*BROKER, "--authority", "nonsense"), 2, "holds no certificates"),
        ((*BROKER, "--password-file", "missing"), 3, "missing"),
        ((*BROKER, "--keys", "missing"), 4, "--create"),
        (BROKER, 4, "--create"),
    ],
)
def test_what_makes_no_sense(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nonsense").write_text("nonsense")
    result = CliRunner().invoke(command_line(), ["abis", "people", *words])
    assert result.exit_code == code, result.stderr
    assert said in result.stderr
    assert "hush" not in result.stderr
    assert "--create" in words or not Path("people").exists()


def test_a_check_names_what_is_wrong(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        command_line(), ["abis", str(tmp_path / "people"), *BROKER, "--check"]
    )
    assert result.exit_code == 1
    for line in ("stomp://127.0.0.1:1 cannot be reached", "none may be asked", "there is none yet"):
        assert line in result.stdout
    assert not (tmp_path / "people").exists()
