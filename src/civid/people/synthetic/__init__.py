"""Synthetic people (dữ liệu giả lập) with real name frequencies and planted, known errors."""

from civid.people.synthetic.errors import CLASSES, ErrorClass
from civid.people.synthetic.population import Population, Truth
from civid.people.synthetic.score import RuleScore, score

__all__ = ["CLASSES", "ErrorClass", "Population", "RuleScore", "Truth", "score"]
