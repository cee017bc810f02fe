"""docs/howto/duplicate-check-over-http.md, command for command, against the real server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests import child

from civid.exchange.service.log import verify_log
from civid.lab.synthetic import impression, master

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "duplicate-check-over-http.md"
PEOPLE = {"024913741030": 1, "068881916130": 2}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def commands() -> Iterator[tuple[str, str]]:
    """Each command with what the page says it prints."""
    for block in blocks("console"):
        for piece in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, printed = piece.partition("\n")
            yield command, printed


def plain(text: str) -> str:
    """Without what differs from run to run: numbers, ids, hashes."""
    text = re.sub(r'\b[0-9a-f]{64}\b|(?<="request_id":")[0-9a-f]{16}\b', "H", text)
    return re.sub(r"\d+(\.\d+)?(e-?\d+)?", "N", text)


class Terminal:
    """Runs what the page says, with the ports that the system chose."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.servers: list[subprocess.Popen[str]] = []
        self.ports: dict[str, str] = {}
        (folder / "bin").mkdir()
        tool = folder / "bin" / "civid"
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m civid "$@"\n')
        tool.chmod(0o755)
        self.environment = child.environment(
            PATH=f"{tool.parent}{os.pathsep}{os.environ['PATH']}", no_proxy="*"
        )

    def here(self, text: str) -> str:
        """With the ports of this run in place of those on the page."""
        for said, real in self.ports.items():
            text = text.replace(f"127.0.0.1:{said}", f"127.0.0.1:{real}")
        return text

    def run(self, command: str) -> str:
        if command.startswith("export "):
            done = self.bash(f'{command}; printf "%s" "${command[7:].partition("=")[0]}"')
            self.environment[command[7:].partition("=")[0]] = done
            return ""
        return self.bash(command)

    def bash(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", f"set -eo pipefail; {self.here(command)}"], cwd=self.folder,
            env=self.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout + done.stderr

    def serve(self, command: str, lines: int) -> str:
        """Start a server; what it says at the beginning."""
        port = (re.findall(r"--port (\d+)", command) or ["8470"])[0]
        words = re.sub(r" --port \d+", "", self.here(command)).split()[1:]
        server = subprocess.Popen(
            [sys.executable, "-m", "civid", *words, "--port", "0"], cwd=self.folder,
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.servers.append(server)
        assert server.stdout is not None
        said = [server.stdout.readline() for _ in range(lines)]
        self.ports[port] = re.findall(r":(\d+)$", said[0].strip())[0]
        return "".join(said)

    def stop(self) -> list[int]:
        for server in self.servers:
            server.send_signal(signal.SIGTERM)
        ends = [server.wait(30) for server in self.servers]
        for server in self.servers:
            assert server.stdout is not None
            assert server.stdout.read() == ""
            server.stdout.close()
        self.servers.clear()
        return ends


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    prints = tmp_path / "civid-demo" / "prints"
    prints.mkdir(parents=True)
    for finger in (2, 7):
        grown = master(finger)
        for number, seed in PEOPLE.items():
            image = impression(grown, seed, difficulty=0.1).image
            file = prints / f"{number}_{finger}.png"
            Image.fromarray(image.pixels).save(file, dpi=(500, 500))
    made = Terminal(tmp_path)
    yield made
    made.stop()


@pytest.mark.slow
def test_every_command_of_the_page_does_what_the_page_says(terminal: Terminal) -> None:
    ran = 0
    for command, printed in commands():
        if command == "civid demo":  # a minute; the prints that the page names are here already
            continue
        if re.match(r"civid serve (office|sealed|sealed-copy)( |$)", command):
            said = terminal.serve(command, printed.count("\n"))
        else:
            said = terminal.run(command)
        if "verify-log" in command:
            assert re.match(r"the log is whole: \d+ entries, 2 refused\nanchor: \d+:", said)
        if printed or "token add" not in command:
            assert plain(said).strip() == plain(printed).strip(), command
        ran += 1
    assert ran > 15
    token = (terminal.folder / "clerk-7.token").read_text().strip()
    revoked = terminal.bash('curl -s -o /dev/null -w "%{http_code}" -H "$AUTH" "$URL/info"')
    assert revoked == "401"

    terminal.bash("civid serve token add office clerk-8 --scope enrol --scope identify > 8.token")
    terminal.environment["TOKEN"] = (terminal.folder / "8.token").read_text().strip()
    (script,) = blocks("python")
    (terminal.folder / "client.py").write_text(terminal.here(script))
    assert terminal.bash(f"{sys.executable} client.py") == "new\nhere already: visit-1030\n"

    assert terminal.stop() == [0] * 4
    room = terminal.folder / "office" / "service"
    report = verify_log(room / "log.jsonl")
    assert report.ok
    assert report.refused == 3
    for file in room.glob("log*.jsonl"):
        text = file.read_text()
        assert token not in text
        assert not any(number in text for number in (*PEOPLE, "A-1"))
