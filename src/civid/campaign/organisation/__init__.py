"""Organisation (tổ chức): units, quotas, days and shifts, teams, machines, sites, invitations."""

from civid.campaign.organisation.days import CampaignDays, Suspension
from civid.campaign.organisation.equipment import Breakdown, Kit, coverage, working_kits
from civid.campaign.organisation.invitations import (
    Invitation,
    Resident,
    cohort,
    invitations,
    turnout,
)
from civid.campaign.organisation.notices import notice
from civid.campaign.organisation.plan import Plan
from civid.campaign.organisation.quotas import Quotas, split_quota
from civid.campaign.organisation.shifts import Shift
from civid.campaign.organisation.teams import Site, Team, Visit
from civid.campaign.organisation.tree import UnitTree
from civid.campaign.organisation.unit import CampaignUnit, Level

__all__ = [
    "Breakdown", "CampaignDays", "CampaignUnit", "Invitation", "Kit", "Level", "Plan", "Quotas",
    "Resident", "Shift", "Site", "Suspension", "Team", "UnitTree", "Visit", "cohort", "coverage",
    "invitations", "notice", "split_quota", "turnout", "working_kits",
]  # fmt: skip
