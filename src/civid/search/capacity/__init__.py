"""Capacity (năng lực tra cứu): the nodes that a country needs, and what a search then takes."""

from civid.search.capacity.assumptions import Assumptions
from civid.search.capacity.costs import Costs
from civid.search.capacity.costs.measure import measure
from civid.search.capacity.demand import Demand
from civid.search.capacity.explanation import explain
from civid.search.capacity.planning import plan
from civid.search.capacity.ranges import Range
from civid.search.capacity.result import Basis, Plan, Year

__all__ = ["Assumptions", "Basis", "Costs", "Demand", "Plan", "Range", "Year", "explain",
           "measure", "plan"]  # fmt: skip
