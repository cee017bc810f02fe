"""docs/howto/run-an-abis.md: its commands run, and what it says of settings and metrics is so."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.exchange.broker.running import Broker
from tests.exchange.datashare.servers import Server, answer, serving
from typer.testing import CliRunner

from civid.cli.app import command_line
from civid.exchange.worker import Metrics, Settings, brokers_of


@pytest.fixture(scope="module")
def share() -> Iterator[Server]:
    with serving(lambda head: answer(b"")) as one:
        yield one


@pytest.fixture
def text(root: Path) -> str:
    return (root / "docs" / "howto" / "run-an-abis.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    found = re.findall(rf"^```{kind}\n(.*?)^```", text, re.M | re.S)
    assert found
    return found


def commands(text: str) -> list[str]:
    """Every command that starts with ``civid abis``, as it is printed."""
    return re.findall(r"^\$ (civid abis .*)$", text, re.M)


class Shell:
    """Runs a printed command with the addresses of this test in place of the examples'."""

    def __init__(self, folder: Path, broker: Broker, share: Server) -> None:
        self.folder, self.broker, self.share = folder, broker, share
        (folder / "abis.keys").write_text("2026:" + "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")
        (folder / "broker").write_text(broker.password + "\n")
        (folder / "keys").write_text((folder / "abis.keys").read_text())
        for name in ("abis.keys", "keys", "broker"):
            (folder / name).chmod(0o600)

    def words(self, command: str) -> list[str]:
        command = command.replace("stomp://abis@queue.example:61613", self.broker.url)
        command = command.replace("http://share.example:8097", self.share.origin)
        return shlex.split(command)[1:]

    def start(self, command: str, *more: str) -> subprocess.Popen[str]:
        """In a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "civid", *self.words(command), *more], cwd=self.folder,
            text=True, stderr=subprocess.PIPE,
            env={**os.environ, "CIVID_BROKER_PASSWORD": self.broker.password},
        )  # fmt: skip

    def run(self, command: str, *more: str) -> tuple[int, str]:
        """To its end; its exit code and what it printed."""
        result = CliRunner().invoke(
            command_line(),
            [*self.words(command), *more],
            env={"CIVID_BROKER_PASSWORD": self.broker.password},
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.stdout


@pytest.fixture
def shell(tmp_path: Path, artemis: Broker, share: Server, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, artemis, share)


@pytest.mark.slow
def test_the_commands_run_in_their_order(text: str, shell: Shell) -> None:
    check, run = commands(text)
    code, out = shell.run(check)
    assert code == 1  # there is no engine yet, as is printed
    printed = blocks(text, "console")[1]
    for line in ("signed in, artemis", "may be read; see that it has max-delivery-attempts -1",
                 "connected", "WRONG   there is none yet: --create makes it"):  # fmt: skip
        assert line in out
        assert line in printed
    with shell.start(run, "--metrics", "127.0.0.1:0") as process:
        try:
            assert process.stderr is not None
            address = process.stderr.readline().partition("/health")[0]
            started, connected = process.stderr.readline(), process.stderr.readline()
            assert re.fullmatch(r"\S+Z started window=64 threads=\d+\n", started)
            assert connected.split()[1] == "connected"
            health = ready(address)
            assert health == {
                "live": True, "ready": True, "trouble": {}, "last_answer_seconds": None,
            }  # fmt: skip
            code, out = shell.run(check, "--json")  # beside the running one
            found = json.loads(out)
            assert (code, found["well"]) == (0, True)
            assert found["checks"][-1]["found"] == "in use: a worker runs"
            process.send_signal(signal.SIGTERM)
            _, error = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert error.endswith("stopped\n")


def ready(address: str) -> object:
    """The health, once it is well."""
    for _ in range(200):
        health = httpx.get(f"{address}/health", trust_env=False).json()
        if health["ready"]:
            break
        time.sleep(0.05)
    return health


def test_the_service_can_be_started_as_it_is_written(text: str, shell: Shell) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(blocks(text, "ini")[0])
    line = unit["Service"]["ExecStart"].replace("${CREDENTIALS_DIRECTORY}", str(shell.folder))
    line = line.replace("/var/lib/civid-abis/people", "people")
    code, out = shell.run(line, "--create", "--check")
    assert (code, json.loads(out)["well"]) == (0, True)
    assert float(unit["Service"]["TimeoutStopSec"]) > Settings(brokers_of("stomp://a")).grace


def test_the_queues_are_those_that_civid_uses(text: str) -> None:
    (told,) = json.loads(blocks(text, "json")[0])["abis"]
    settings = Settings(brokers_of("stomp://a"))
    assert told["inboundQueueName"] == settings.inbound
    assert told["outboundQueueName"] == settings.outbound
    assert f"`{settings.dead_letters}`" in text
    setting = ET.fromstring(blocks(text, "xml")[0])[0]
    assert setting.get("match") == settings.inbound
    assert setting.findtext("max-delivery-attempts") == "-1"


def test_the_metrics_are_those_that_are_served(text: str) -> None:
    from prometheus_client import generate_latest

    served = set(re.findall(r"^# TYPE (\w+)", generate_latest(Metrics().registry).decode(), re.M))
    served = {one for one in served if not one.endswith("_created")}
    assert set(re.findall(r"`(civid_abis_\w+)", text)) == served
