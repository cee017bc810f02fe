"""``civid plan``: how many machines a country needs to search its people."""

from civid.cli.commands.capacity.plan import plan

__all__ = ["plan"]
