"""``python -m tests.exchange.torture``: the queues under kill -9, with figures as JSON and text."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.exchange.broker.running import running
from tests.exchange.torture.run import Torture, failed, run


def main() -> int:
    """Run it on one broker or both; 1 if anything was lost, wrong or different."""
    known = Torture()
    parser = argparse.ArgumentParser(prog="python -m tests.exchange.torture", description=__doc__)
    parser.add_argument("--broker", choices=("artemis", "classic", "both"), default="both")
    parser.add_argument("--inserts", type=int, default=known.inserts)
    parser.add_argument("--identifies", type=int, default=known.identifies)
    parser.add_argument("--kills", type=int, default=known.kills)
    parser.add_argument("--broker-restarts", type=int, default=known.broker_restarts)
    parser.add_argument("--window", type=int, default=known.window)
    parser.add_argument("--seed", type=int, default=known.seed)
    parser.add_argument("--output", type=Path, default=Path("build/torture-abis.json"))
    asked = parser.parse_args()
    torture = Torture(
        asked.inserts,
        asked.identifies,
        asked.kills,
        asked.broker_restarts,
        asked.window,
        asked.seed,
    )
    names = ("artemis", "classic") if asked.broker == "both" else (asked.broker,)
    runs = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder, running(name, "512m", fast=True) as broker:
            figures = run(torture, broker, Path(folder))
        runs.append(figures)
        shown = json.loads(json.dumps(figures))
        shown["memory of the worker"].pop("over time (s, answered, MB)", None)
        print(json.dumps(shown, indent=2), flush=True)
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "runs": runs,
    }
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(document, indent=2) + "\n")
    return int(any(map(failed, runs)))


if __name__ == "__main__":
    sys.exit(main())
