"""50 000 people in 53 groups with two covariates: the whole analysis beside the textbook loop for the curve alone.

    python benchmarks/outcomes_50k.py [--people 50000]

The loop asks of every person at every time whether they are under observation, as the formula is written; it is run on a
twentieth of the people and its cost, which grows with the square, is printed as measured.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyuan.config.settings")
django.setup()

from qingyuan.indicators.outcomes import Columns, Followed, analyse, kaplan_meier, read  # noqa: E402


def table(count: int) -> list[list[str]]:
    dice = random.Random(5)
    rows = []
    for number in range(count):
        relapse, arrest, gone = dice.expovariate(1 / 900), dice.expovariate(1 / 2500), dice.uniform(30, 3650)
        end = min(relapse, arrest, gone)
        word = "复吸" if end == relapse else "死亡" if end == arrest else ""
        rows.append(["0", f"{end:.0f}", word, f"{number % 53:02}", "男女"[number % 2], str(number % 4)])
    return rows


def by_the_book(people: list[Followed]) -> float:
    value = 1.0
    for when in sorted({one.time for one in people if one.event}):
        at_risk = sum(one.time >= when for one in people)
        value *= 1 - sum(one.time == when and bool(one.event) for one in people) / at_risk
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    rows = table(parser.parse_args().people)
    header = ["起", "止", "结局", "组", "性别", "年龄段"]
    columns = Columns("起", "止", "结局", "组", ("性别", "年龄段"))
    started = time.process_time()
    reading = read(header, rows, columns)
    taken = time.process_time() - started
    started = time.process_time()
    report = analyse(reading)
    analysed = time.process_time() - started
    started = time.process_time()
    curve = kaplan_meier(reading.people)
    alone = time.process_time() - started
    few = list(reading.people[::20])
    started = time.process_time()
    last = by_the_book(few)
    booked = time.process_time() - started
    assert abs(kaplan_meier(few).points[-1].value - last) < 1e-9
    print(f"{len(reading.people):,} people, {len(report.groups)} groups, {len(report.reading.kinds)} kinds")
    print(f"read the table            {taken:6.2f} s CPU")
    print(f"the whole analysis        {analysed:6.2f} s CPU")
    print(f"one curve of everybody    {alone:6.2f} s CPU, {len(curve.points):,} steps")
    print(f"the textbook loop for it  {booked:6.2f} s CPU for a twentieth of them ({len(few):,})")


if __name__ == "__main__":
    main()
