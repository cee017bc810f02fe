"""What if (kịch bản): other machines, closings and shifts, side by side."""

from civid.campaign.whatif.compare import Compared, Projection, compare
from civid.campaign.whatif.scenario import Closing, Move, Scenario, Shift
from civid.campaign.whatif.unit import Unit

__all__ = ["Closing", "Compared", "Move", "Projection", "Scenario", "Shift", "Unit", "compare"]
