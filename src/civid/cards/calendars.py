"""Working days, under the name that `civid.cards` has always given them."""

from civid.people.working_days import Calendar

__all__ = ["Calendar"]
