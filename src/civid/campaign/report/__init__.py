"""Reports (báo cáo): one page that holds everything, and the same as JSON, CSV and XLSX."""

from civid.campaign.report.content import Fan, Report, build
from civid.campaign.report.page import page
from civid.campaign.report.tables import tables

__all__ = ["Fan", "Report", "build", "page", "tables"]
