"""Progress (tiến độ): counts as events, rates that reconcile, leagues, delay and its causes."""

from civid.campaign.progress.ageing import DossierLine, Overdue, StageAge, ageing, overdue
from civid.campaign.progress.board import Added, Board, Kind
from civid.campaign.progress.checks import below_zero, silent, stage_order
from civid.campaign.progress.dossiers import DossierEvent, counted
from civid.campaign.progress.league import Standing, commended, league, over_plan
from civid.campaign.progress.missing import Missing, Why, by_reason, held_against
from civid.campaign.progress.periods import Comparison, Period, above, compare, daily_rates
from civid.campaign.progress.reading import Told, falls, read_reports
from civid.campaign.progress.reports import Report, Reports
from civid.campaign.progress.stage import SLIPS, STAGES, Stage
from civid.campaign.progress.stock import Limit, StockDay, printing

__all__ = [
    "SLIPS", "STAGES", "Added", "Board", "Comparison", "DossierEvent", "DossierLine", "Kind",
    "Limit", "Missing", "Overdue", "Period", "Report", "Reports", "Stage", "StageAge", "Standing",
    "StockDay", "Told", "Why", "above", "ageing", "below_zero", "by_reason", "commended",
    "compare", "counted", "daily_rates", "falls", "held_against", "league", "over_plan", "overdue",
    "printing", "read_reports", "silent", "stage_order",
]  # fmt: skip
