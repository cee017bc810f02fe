"""What searching costs: measured here, or as civid carries it, and at sizes between and beyond."""

from civid.search.capacity.costs.records import Costs, Machine, carried, known, read

__all__ = ["Costs", "Machine", "carried", "known", "read"]
