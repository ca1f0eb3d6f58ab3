"""Fifty thousand open clocks answered anew, beside a naive loop that ticks off days; the same days must come out.

    .venv/bin/python benchmarks/clocks_50k.py [COUNT]

Prints seconds of CPU and their ratio, measured side by side in one run. Bar: 50 000 in at most 2 s.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta

from qingyuan.reference import clocks
from qingyuan.reference.clocks import Event
from qingyuan.reference.holidays import is_working_day

# After every event that is drawn: an answer leaves out what has not happened yet.
ON = date(2024, 1, 1)
DAY = timedelta(days=1)


def stories(count: int) -> list[tuple[str, list[Event]]]:
    draw = random.Random(7)
    made: list[tuple[str, list[Event]]] = []
    for _ in range(count):
        start = date(2019, 12, 1) + timedelta(days=draw.randrange(1000))
        code = draw.choice(("D20", "D22", "D40", "D30"))
        events = [Event(clocks.get_clock(code).start, start, 1)]
        if code in ("D22", "D40") and draw.random() < 0.3:
            first = start + timedelta(days=draw.randrange(5, 60))
            away, back = {"D22": ("detained", "released"), "D40": ("escaped", "recovered")}[code]
            events += [Event(away, first, 2), Event(back, first + timedelta(days=draw.randrange(1, 90)), 3)]
        made.append((code, events))
    return made


def naive(code: str, events: list[Event]) -> date:
    """One day after the other, as one would write it in an afternoon."""
    start = events[0].on
    off: set[date] = set()
    if len(events) == 3:
        off = {events[1].on + timedelta(days=step) for step in range((events[2].on - events[1].on).days)}
    if code in ("D22", "D40"):
        years = 3 if code == "D22" else 2
        try:
            end = start.replace(year=start.year + years)
        except ValueError:
            end = start.replace(year=start.year + years, day=28)
        day, left = start - DAY, (end - start).days
    else:
        day, left = start, 15 if code == "D20" else 7
    while left:
        day += DAY
        left -= day not in off
    while code in ("D20", "D30") and not is_working_day(day):
        day += DAY
    return day


def main(count: int) -> None:
    made = stories(count)
    clocks.start("D20", ON)
    began = time.process_time()
    answers = [clocks.answer(code, events, on=ON).last_day for code, events in made]
    engine = time.process_time() - began
    began = time.process_time()
    plain = [naive(code, events) for code, events in made]
    loop = time.process_time() - began
    wrong = sum(one != other for one, other in zip(answers, plain, strict=True))
    print(f"{count} clocks: engine {engine:.2f} s of CPU, naive loop {loop:.2f} s, ratio {engine / loop:.2f}, different days {wrong}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
