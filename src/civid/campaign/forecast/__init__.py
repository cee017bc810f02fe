"""Forecasts (dự báo): when a campaign will be done and how fast it must go, with intervals."""

from civid.campaign.forecast.assumptions import Assumptions
from civid.campaign.forecast.forecast import Forecast, forecast
from civid.campaign.forecast.history import History, Openings
from civid.campaign.forecast.rate import Rate, fit

__all__ = ["Assumptions", "Forecast", "History", "Openings", "Rate", "fit", "forecast"]
