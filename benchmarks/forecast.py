"""How often the year ends where the score's forecast said it would: many made-up years, by month and kind of town.

    python benchmarks/forecast.py [YEARS]

Each year is a town that works through its windows by a process the forecast does not know: people come and go, some never come
to their tests, some towns slide or mend during the year, agreements are signed after a while or never, meetings are held
when they are held; three of the eight kinds enter part of their rows late. On the last day of each month from April the forecast
is made from what that day shows, and compared with what the same sheet (the demo city's own) gives at the end of that year, once
all its rows are entered. Prints per month: how often the interval held it, the chance the forecast itself gave, its mean width in
points, and the mean of (end − middle). Aim: 80 % in 75–85 %. Figures: docs/how-to/measure-scores.md.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.governance.forecast_years import KINDS, backtest


def main(years: int) -> None:
    began = time.perf_counter()
    found = backtest(years)
    print(f"{years} made-up years of each kind of town")
    print("town      day      held   said   width  end−middle  made")
    for (kind, day), one in found.items():
        print(
            f"{KINDS[kind].word:<9} {day:%m-%d} {one.held:7.1%} {one.said:6.1%} {one.width:7.2f} {one.off:+9.2f} {one.made:7d}"
        )
    print("all kinds, by day")
    for day in sorted({day for _kind, day in found}):
        rows = [one for (_kind, when), one in found.items() if when == day]
        made = sum(one.made for one in rows)
        print(f"{day:%m-%d} {sum(one.held * one.made for one in rows) / made:7.1%}  said {sum(one.said * one.made for one in rows) / made:.1%}")
    made = sum(one.made for one in found.values())
    print(f"{made} forecasts, {(time.perf_counter() - began) / made * 1000:.1f} ms each with its year")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 26)
