"""Will the campaign be done in time? From what was collected each day, with known closures.

    python campaign_forecast.py days.csv 732000 2021-06-30

``days.csv`` has the columns ``date,count`` and begins on the first day of work; Sundays are closed
here. `civid campaign forecast` does this for a plan with units, shifts and announced pauses.
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

from civid.campaign.forecast import Forecast, History, Openings, forecast

SUNDAYS_OFF = Openings(weekdays_off=frozenset({6}))


def foreseen(table: Path, quota: int, deadline: date) -> Forecast:
    """The forecast of the evening of the last day in the table."""
    with table.open(encoding="utf-8", newline="") as file:
        counts = {
            date.fromisoformat(row["date"]): int(row["count"]) for row in csv.DictReader(file)
        }
    return forecast(History.of(counts), quota, deadline, SUNDAYS_OFF)


def told(found: Forecast) -> str:
    """What to tell whoever asks in the evening."""
    low, _, high = found.at_deadline
    return (
        f"{found.collected} of {found.quota} on {found.as_of}, {found.run_rate:.0f} a day now; "
        f"{found.required[1]:.0f} a day are needed.\n"
        f"Done by {found.deadline} with a chance of {found.chance:.0%}; "
        f"{low:.0f} to {high:.0f} by then. Done around {found.middle or 'nobody knows when'}."
    )


if __name__ == "__main__":
    print(told(foreseen(Path(sys.argv[1]), int(sys.argv[2]), date.fromisoformat(sys.argv[3]))))
