"""Tasks: what was accepted with 202, done later, and told to a callback. They survive a restart."""

from civid.exchange.osia.tasks.callback import Callbacks
from civid.exchange.osia.tasks.runner import Runner
from civid.exchange.osia.tasks.store import Task, TaskStore

__all__ = ["Callbacks", "Runner", "Task", "TaskStore"]
