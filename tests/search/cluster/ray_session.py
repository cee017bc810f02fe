"""One Ray for tests: started late, ended with everything that it has started."""

from __future__ import annotations

import os

from tests import child

from civid.search.cluster.on_ray import ray, start_ray


def started_ray() -> None:
    """Quietly, with the path of this process for its workers."""
    os.environ.setdefault("PYTHONPATH", child.environment()["PYTHONPATH"])
    start_ray()


def ended_ray() -> None:
    """No process of it is left."""
    ray().shutdown()
